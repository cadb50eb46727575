import { Parser } from 'htmlparser2';

import type { DisclosureDocument } from './document.ts';

/** What a home page shows to whoever has no script running (首页可见内容). */
export interface SeenPage extends SeenText {
  readonly links: readonly string[];
  /** Of a rendered fragment: what is read in each of its items, and which links are in it. Words elsewhere on the page do not make up for them. */
  readonly items: ReadonlyMap<string, SeenText & { readonly links: readonly string[] }>;
  /** Addresses of the JSON of disclosure elements with nothing in them, and of scripts: what a page without a rendered fragment is made of. */
  readonly elements: readonly string[];
  readonly scripts: readonly string[];
}

// A head need not be closed in HTML; what of it could be read is its title.
const UNSEEN = new Set([
  'script',
  'style',
  'template',
  'title',
  'iframe',
  'object',
  'canvas',
  'audio',
  'video',
  'select',
  'datalist',
  'dialog',
]);
const HIDDEN_STYLE =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|font-size\s*:\s*0(?:\.0+)?(?:[a-z]+|%)?\s*(?:;|$))/iu;

function squeezed(text: string): string {
  return text.normalize('NFKC').replace(/\s+/gu, '');
}

/** What is read, without any space, and where spaces and the ends of elements were. */
interface SeenText {
  readonly text: string;
  readonly breaks: ReadonlySet<number>;
}

function seenText(pieces: readonly string[]): SeenText {
  const breaks = new Set<number>([0]);
  const parts: string[] = [];
  let length = 0;
  for (const piece of pieces)
    for (const word of piece.normalize('NFKC').split(/\s+/u)) {
      parts.push(word);
      length += word.length;
      breaks.add(length);
    }
  return { text: parts.join(''), breaks };
}

/**
 * Read a page as a visitor would see it (读取页面): text that is hidden does not count as shown, and what stands in noscript does. It is read tag by tag,
 * in time that grows with its length and not with its nesting.
 */
export function readPage(html: string): SeenPage {
  const texts: string[] = [];
  const links: string[] = [];
  const elements: string[] = [];
  const scripts: string[] = [];
  /** For each open element, whether it hides what is in it; and how many do. */
  const open: boolean[] = [];
  let hiding = 0;
  const items = new Map<string, SeenText & { readonly links: readonly string[] }>();
  /** The item of a fragment that is open, and how deep. */
  let item: { readonly depth: number; readonly text: string[]; readonly links: string[]; readonly id: string } | undefined;
  /** How many disclosure elements are open. */
  let fragments = 0;
  /** The disclosure element that is open, until something is read in it. */
  let empty: string | undefined;
  const parser = new Parser({
    onopentag(name, attributes) {
      const { src, href = '', style = '' } = attributes;
      const hides = UNSEEN.has(name) || 'hidden' in attributes || attributes['aria-hidden'] === 'true' || HIDDEN_STYLE.test(style);
      if (name === 'script' && src !== undefined) scripts.push(src);
      open.push(hides);
      if (hides) hiding++;
      if (hiding > 0) return;
      const id = attributes['data-item'];
      if (name === 'zhengpin-disclosure') fragments++;
      // Other people’s attributes of that name are their own.
      if (id !== undefined && item === undefined && fragments > 0) item = { depth: open.length, text: [], links: [], id };
      if (name === 'a') {
        links.push(href);
        item?.links.push(href);
      }
      if (name === 'zhengpin-disclosure') empty = src;
    },
    ontext(text) {
      if (hiding > 0) return;
      texts.push(text);
      item?.text.push(text);
      if (text.trim() !== '') empty = undefined;
    },
    onclosetag(name) {
      if (item?.depth === open.length) {
        items.set(item.id, { ...seenText(item.text), links: item.links });
        item = undefined;
      }
      if (open.pop() === true) hiding--;
      if (name === 'zhengpin-disclosure' && hiding === 0 && fragments > 0) fragments--;
      if (name !== 'zhengpin-disclosure' || empty === undefined) return;
      elements.push(empty);
      empty = undefined;
    },
  });
  parser.end(html);
  return { ...seenText(texts), links, items, elements, scripts };
}

/** Whether a text says something whole: a telephone is not part of a longer number. */
function says({ text, breaks }: SeenText, wanted: string): boolean {
  const sought = squeezed(wanted);
  const isJoined = (at: number): boolean => !breaks.has(at) && /[\dA-Za-z]/u.test(text[at - 1] ?? '') && /[\dA-Za-z]/u.test(text[at] ?? '');
  for (let at = text.indexOf(sought); at !== -1; at = text.indexOf(sought, at + 1))
    if (!isJoined(at) && !isJoined(at + sought.length)) return true;
  return false;
}

export interface PageFindings {
  readonly present: readonly string[];
  readonly missing: readonly string[];
  /** Links of items that are there, as absolute addresses. */
  readonly links: readonly { readonly item: string; readonly url: string }[];
  readonly endingShown?: boolean;
}

/**
 * Which of the items a page shows (核对公示项): the number or name itself, and the link where there is one.
 * @param base address of the page
 */
export function checkPage(page: SeenPage, document: DisclosureDocument, base: string): PageFindings {
  const absolute = (hrefs: readonly string[]): readonly string[] =>
    hrefs.flatMap((href) => (URL.canParse(href, base) ? [new URL(href, base).href] : []));
  const target = (link: string): string => new URL(link, base).href;
  const nothing = { ...seenText([]), links: [] };
  const shown = document.items.map((item) => {
    const place = page.items.size > 0 ? (page.items.get(item.id) ?? nothing) : page;
    const { links } = place;
    const isRead = says(place, item.text) && (item.detail === undefined || says(place, item.detail));
    const isLinked = item.link === undefined || absolute(links).includes(target(item.link));
    return { item, isShown: isRead && isLinked };
  });
  const named = says(page, document.name);
  const { ending } = document;
  return {
    present: [...(named ? ['name'] : []), ...shown.flatMap(({ item, isShown }) => (isShown ? [item.id] : []))],
    missing: [
      ...(named ? [] : ['name']),
      ...shown.flatMap(({ item, isShown }) => (isShown ? [] : [item.id])),
      // What is not on record cannot be on the page.
      ...document.missing,
    ],
    links: shown.flatMap(({ item, isShown }) => (isShown && item.link !== undefined ? [{ item: item.id, url: target(item.link) }] : [])),
    ...(ending ? { endingShown: page.text.includes(squeezed(ending.notice.zh)) } : {}),
  };
}
