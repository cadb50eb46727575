import { esc, printedPage } from '../../kernel/printed-page.ts';
import { found } from '../../kernel/records.ts';
import { citationText, cite } from '../../rules/instruments.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import type { DiffPart, RuleDocument, RuleState, RuleVersionView, SectionDiff } from './records.ts';
import { createRuleVersions } from './versions.ts';

type Lang = 'zh' | 'en';

/** Texts and changes as pages to be read, printed or kept (协议与规则页面); public, without scripts. */
export interface RulePageCommands {
  /** The version in effect, or the first one announced where none is yet, with what is announced or open. @throws ZP_NOT_FOUND @source E-commerce Law Art. 33 */
  printRules(tenant: string, document: RuleDocument, lang: Lang): Promise<string>;
  /** Any version that ever was. @throws ZP_NOT_FOUND */
  printRulesVersion(tenant: string, id: string, lang: Lang): Promise<string>;
  /** What differs between two versions of a document. @throws ZP_NOT_FOUND; ZP_INPUT_INVALID for two documents @source E-commerce Law Art. 34(1) */
  printRulesDiff(tenant: string, from: string, to: string, lang: Lang): Promise<string>;
}

const TITLES: { readonly [document in RuleDocument]: { readonly [lang in Lang]: string } } = {
  agreement: { zh: '平台服务协议', en: 'Platform service agreement' },
  rules: { zh: '平台规则', en: 'Platform rules' },
};
const STATES: { readonly [state in RuleState]: { readonly [lang in Lang]: string } } = {
  'open-for-comments': { zh: '征求意见', en: 'open for comments' },
  'comments-closed': { zh: '征求意见已截止', en: 'comments closed' },
  announced: { zh: '已公示，尚未实施', en: 'published, not yet in effect' },
  'in-effect': { zh: '现行有效', en: 'in effect' },
  superseded: { zh: '已被替代', en: 'superseded' },
  withdrawn: { zh: '已撤回', en: 'taken back' },
};
const CHANGES: { readonly [state in SectionDiff['state']]: { readonly [lang in Lang]: string } } = {
  added: { zh: '新增', en: 'added' },
  removed: { zh: '删除', en: 'removed' },
  changed: { zh: '修改', en: 'changed' },
  moved: { zh: '移动', en: 'moved' },
};
const TAGS: { readonly [state in DiffPart['state']]: readonly [string, string] } = {
  same: ['', ''],
  added: ['<ins>', '</ins>'],
  removed: ['<del>', '</del>'],
};

function lines(text: string): string {
  return esc(text).replaceAll('\n', '<br>');
}

function paragraphs(text: string): string {
  const some = text.split(/\n+/u).filter((line) => line.trim() !== '');
  return some.map((line) => `<p>${esc(line)}</p>`).join('\n');
}

function nameOf(view: RuleVersionView, lang: Lang): string {
  return lang === 'zh' ? `${TITLES[view.document].zh} 第${view.number}版` : `${TITLES[view.document].en}, version ${view.number}`;
}

/** State, days and hash of a version. */
function about(view: RuleVersionView, lang: Lang): string {
  const days: readonly (readonly [string, string, string | undefined])[] = [
    ['提出', 'put forward', view.proposedOn],
    ['征求意见至', 'comments until', view.commentsThrough],
    ['公示', 'published', view.publishedOn],
    ['实施', 'in effect from', view.effectiveFrom],
    ['撤回', 'taken back', view.withdrawnOn],
  ];
  const shown = days.flatMap(([zh, en, day]) => (day === undefined ? [] : [`${lang === 'zh' ? zh : en} <time>${day}</time>`]));
  return `<p>${[STATES[view.state][lang], ...shown].join(' · ')}<br>SHA-256 <code>${view.sha256}</code></p>`;
}

function page(view: RuleVersionView, notices: readonly RuleVersionView[], lang: Lang): string {
  const t = (zh: string, en: string): string => (lang === 'zh' ? zh : en);
  const notice = (other: RuleVersionView): string =>
    `<p class="notice"><strong>${esc(nameOf(other, lang))}</strong>: ${esc(other.summary[lang])}</p>\n${about(other, lang)}`;
  const sections = view.sections.map(
    ({ id, title, text }, i) => `<section id="${id}"><h2>${i + 1}. ${esc(title[lang])}</h2>\n${paragraphs(text[lang])}</section>`,
  );
  const basis = [cite('order44', '24(1)'), cite('e-commerce', '33'), cite('e-commerce', '34(2)')]
    .map((one) => esc(citationText(one)[lang]))
    .join(t('；', '; '));
  return printedPage(
    lang,
    nameOf(view, lang),
    `${about(view, lang)}
${notices.length === 0 ? '' : `<h2>${t('修改公告', 'Changes announced or open for comments')}</h2>\n${notices.map(notice).join('\n')}`}
<h2>${t('本版说明', 'About this version')}</h2>
${paragraphs(view.summary[lang])}
${view.answer === undefined ? '' : `<h2>${t('意见采纳情况', 'How comments were dealt with')}</h2>\n${paragraphs(view.answer[lang])}`}
${view.reason === undefined ? '' : `<h2>${t('撤回原因', 'Why it was taken back')}</h2>\n${paragraphs(view.reason[lang])}`}
${sections.join('\n')}
<p><small>${t('不接受修改的用户可以退出，平台不得阻止；此前成立的服务按修改前的版本履行。', 'Whoever does not accept a change may leave, and the platform may not stand in the way; what was agreed before goes on under the version before.')} ${basis}</small></p>`,
  );
}

function diffPage(from: RuleVersionView, to: RuleVersionView, diffs: readonly SectionDiff[], lang: Lang): string {
  const t = (zh: string, en: string): string => (lang === 'zh' ? zh : en);
  const part = ({ state, text }: DiffPart): string => `${TAGS[state][0]}${lines(text)}${TAGS[state][1]}`;
  const title = ({ title: now, titleBefore }: SectionDiff): string =>
    titleBefore === undefined || titleBefore[lang] === now[lang]
      ? esc(now[lang])
      : `<del>${esc(titleBefore[lang])}</del> <ins>${esc(now[lang])}</ins>`;
  const sections = diffs.map(
    (diff) =>
      `<section id="${diff.section}"><h2>${title(diff)} <small>${CHANGES[diff.state][lang]}</small></h2>\n<p>${diff.state === 'moved' ? t('内容未变，仅位置变化。', 'Only its place is another.') : diff[lang].map(part).join('')}</p></section>`,
  );
  return printedPage(
    lang,
    t(
      `${TITLES[to.document].zh}：第${from.number}版与第${to.number}版的差异`,
      `${TITLES[to.document].en}: versions ${from.number} and ${to.number}`,
    ),
    `${about(from, lang)}
${about(to, lang)}
${paragraphs(to.summary[lang])}
${sections.length === 0 ? `<p>${t('没有差异。', 'Nothing differs.')}</p>` : sections.join('\n')}`,
  );
}

export function createRulePages(context: DeskContext): RulePageCommands {
  const versions = createRuleVersions(context);
  return {
    async printRules(tenant, document, lang) {
      const [inEffect, announced, open] = await Promise.all([
        versions.rulesInEffect(tenant, document),
        versions.announcedRules(tenant, document),
        versions.openRules(tenant, document),
      ]);
      const shown = found(inEffect ?? announced[0]);
      const notices = [...announced, ...(open ? [open] : [])].filter(({ id }) => id !== shown.id);
      return page(shown, notices, lang);
    },
    async printRulesVersion(tenant, id, lang) {
      return page(await versions.rulesVersion(tenant, id), [], lang);
    },
    async printRulesDiff(tenant, from, to, lang) {
      const [diffs, old, now] = await Promise.all([
        versions.diffRules(tenant, from, to),
        versions.rulesVersion(tenant, from),
        versions.rulesVersion(tenant, to),
      ]);
      return diffPage(old, now, diffs, lang);
    },
  };
}
