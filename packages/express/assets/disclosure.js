// Brings the fragment the server has rendered up to date, and changes its language in place. Without it the fragment stands as it is.
const WORDS = {
  zh: { label: '证照与监督信息', ending: '终止服务公告', other: 'English', otherLang: 'en' },
  en: { label: 'Licences and supervision', ending: 'This service ends', other: '中文', otherLang: 'zh-CN' },
};
const TIMEOUT_MS = 8000;

function el(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A path of this site or an https address; anything else is no link. */
function safe(link) {
  return typeof link === 'string' && (/^\/(?!\/)/u.test(link) || link.startsWith('https://'));
}

function entry(item, lang) {
  const text = el('span', { lang: 'zh-CN' }, item.text);
  const shown = safe(item.link) ? el('a', { href: item.link }, text) : text;
  const detail = item.detail === undefined ? [] : [' ', el('span', { lang: 'zh-CN' }, item.detail)];
  return el('div', { 'data-item': item.id }, el('dt', {}, item.title[lang]), el('dd', {}, shown, ...detail));
}

class ZhengpinDisclosure extends HTMLElement {
  #document;

  async connectedCallback() {
    const source = this.getAttribute('src');
    if (source === null) return;
    try {
      const response = await fetch(source, { credentials: 'omit', signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) return;
      const document = await response.json();
      if (document.format !== 'zhengpin-disclosure/1') return;
      this.#document = document;
    } catch {
      // What the server rendered stays.
      return;
    }
    this.#show(false);
  }

  #show(focus) {
    const { name, items, ending } = this.#document;
    const lang = this.lang.startsWith('en') ? 'en' : 'zh';
    const words = WORDS[lang];
    const other = el(
      'a',
      { href: this.querySelector('a[hreflang]')?.getAttribute('href') ?? '#', hreflang: words.otherLang, lang: words.otherLang },
      words.other,
    );
    other.addEventListener('click', (event) => {
      event.preventDefault();
      this.lang = words.otherLang;
      this.#show(true);
    });
    const banner = ending
      ? [
          el(
            'p',
            { class: 'zp-ending', 'data-item': 'ending-notice' },
            el('strong', {}, `${words.ending} `, el('time', { datetime: ending.endsOn }, ending.endsOn)),
            ' ',
            el('span', { lang: 'zh-CN' }, ending.notice.zh),
            ...(lang === 'en' ? [` ${ending.notice.en}`] : []),
          ),
        ]
      : [];
    this.replaceChildren(
      el(
        'section',
        { 'aria-label': words.label },
        ...banner,
        el('p', {}, el('strong', { lang: 'zh-CN' }, name)),
        el('dl', {}, ...items.map((item) => entry(item, lang))),
        el('p', {}, other),
      ),
    );
    this.dataset.ready = 'yes';
    if (focus) other.focus();
  }
}

customElements.define('zhengpin-disclosure', ZhengpinDisclosure);
