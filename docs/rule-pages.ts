import { citationText, PENALTIES } from '@zhengpin/core';
import type { Citation, ContextFlag, Modifier, Pack, Rule, RuleClass, Severity, Text } from '@zhengpin/core';

import { anchor, both, code, escape, law, page, table } from './markdown.ts';

const CLASSES: Readonly<Record<RuleClass, Text>> = {
  a: { zh: '网络招聘服务管理规定第15条第1款', en: 'Order 44 Art. 15(1)' },
  b: { zh: '网络招聘服务管理规定第15条第2款', en: 'Order 44 Art. 15(2)' },
  c: { zh: '其他法律法规', en: 'another statute' },
  d: { zh: '全国性法律法规未禁止，提示注意', en: 'not prohibited by national statute, but flagged' },
};

const SEVERITIES: Readonly<Record<Severity, Text>> = {
  block: { zh: '不予受理', en: 'refused' },
  review: { zh: '转人工审查', en: 'sent to a reviewer' },
  advise: { zh: '提示', en: 'advice only' },
};

const CONTEXTS: Readonly<Record<ContextFlag, Text>> = {
  graduates: { zh: '面向高校毕业生', en: 'aimed at graduates' },
  campus: { zh: '校园招聘渠道', en: 'published through campus recruitment' },
  venue: { zh: '不适宜未成年人活动的场所', en: 'a venue barred to minors' },
  'minors-contact': { zh: '密切接触未成年人的单位', en: 'an employer in close contact with minors' },
  'public-body': { zh: '机关、事业单位', en: 'a state organ or public institution' },
  promoted: { zh: '付费推广', en: 'placed for pay' },
};

function flag(context: ContextFlag): string {
  return `${code(context)} ${CONTEXTS[context].en} (${CONTEXTS[context].zh})`;
}

const WIDE_ENOUGH = 12;

/** A passage of a posting as code, whatever quotes it uses itself. */
function passage(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${fence.length > 1 ? ` ${text} ` : text}${fence}`;
}

function bullets(texts: readonly string[]): string {
  return texts.map((text) => `- ${text}`).join('\n');
}

function cited(citations: readonly Citation[]): readonly string[] {
  return citations.map((citation) => {
    const { zh, en } = citationText(citation);
    return `${escape(zh)}: ${escape(en)}`;
  });
}

function penaltyLine({ penalty }: Pick<Rule, 'penalty'>): string {
  const found = Object.values(PENALTIES).find((row) => row.code === penalty);
  return found
    ? `Penalty route (罚则): [${found.code}](../obligations.md#${anchor(found.code)}), ${escape(found.title.en)} (${escape(found.title.zh)})`
    : 'Penalty route (罚则): none of its own (无单独罚则)';
}

/** What a flag changes, in the order of the rule's own list. */
function modified(rule: Rule, { context, severity, class: ruleClass = rule.class, citations, penalty, advice }: Modifier): string {
  return [
    `- ${flag(context)}: ${SEVERITIES[severity].en} (${SEVERITIES[severity].zh}), class ${ruleClass}: ${CLASSES[ruleClass].en} (${CLASSES[ruleClass].zh})`,
    ...(citations ? [`  - ${cited(citations).join('; ')}`] : []),
    ...(penalty === undefined ? [] : [`  - ${penaltyLine({ penalty })}`]),
    ...(advice ? [`  - ${escape(advice.zh)} ${escape(advice.en)}`] : []),
  ].join('\n');
}

function sections(rule: Rule): readonly string[] {
  const { exceptions, examples, advice, when, contexts, modifiers } = rule;
  const context =
    when === undefined
      ? []
      : [
          `Counts only in a posting that ${contexts === undefined ? '' : 'has one of the flags below or '}also says one of (仅在${contexts === undefined ? '' : '有下列标记或者'}出现下列词语时): ${[...when].slice(0, WIDE_ENOUGH).map(passage).join(' ')}${when.length > WIDE_ENOUGH ? ' …' : ''}`,
        ];
  return [
    bullets([
      `Ground (事由): ${code(rule.ground)}`,
      `Class (类别) ${rule.class}: ${CLASSES[rule.class].en} (${CLASSES[rule.class].zh})`,
      `What happens (处理): ${SEVERITIES[rule.severity].en} (${SEVERITIES[rule.severity].zh})`,
      penaltyLine(rule),
      ...context,
      ...(contexts === undefined
        ? []
        : [
            `${when === undefined ? 'Counts only in a posting with one of these flags (仅在有下列标记时)' : 'Flags (标记)'}: ${contexts.map(flag).join('; ')}`,
          ]),
    ]),
    ...(modifiers === undefined ? [] : ['## In other contexts (其他场合)', modifiers.map((one) => modified(rule, one)).join('\n')]),
    '## Refers to (依据)',
    bullets(cited(rule.citations)),
    '## Exceptions (例外)',
    exceptions.length === 0
      ? 'None (无).'
      : bullets(
          exceptions.map(
            ({ id, title, citations }) => `${code(id)}: ${escape(title.en)} (${escape(title.zh)}). ${cited(citations).join('; ')}`,
          ),
        ),
    '## Found (命中)',
    bullets(examples.violating.map(passage)),
    '## Not found (不命中)',
    bullets(examples.complying.map(passage)),
    '## How to say it (改写)',
    escape(advice.zh),
    escape(advice.en),
  ];
}

/** A page for each rule of a pack, by file name (规则页). */
export function rulePages({ id, version, rules }: Pack): ReadonlyMap<string, string> {
  return new Map(
    rules.map((rule) => [
      `${rule.id}.md`,
      page(
        { zh: rule.title.zh, en: `${rule.id}: ${rule.title.en}` },
        [
          `A rule of ${code(`${id}@${version}`)}; [all rules](../screening.md). A finding is the judgement of a program, not of an authority.`,
        ],
        sections(rule),
      ),
    ]),
  );
}

/** The index of the rule pages (规则索引). @param folder where they are, from here */
export function screeningPage({ id, version, effectiveFrom, title, rules }: Pack, folder: string): string {
  const summary = rules.map((rule) => [
    `[${rule.id}](${folder}/${rule.id}.md)`,
    both(rule.title),
    rule.ground,
    rule.class,
    [rule.severity, ...(rule.modifiers ?? []).map(({ context, severity }) => `${context}: ${severity}`)].join('; '),
    law(rule.citations),
    `${rule.examples.violating.length} / ${rule.examples.complying.length}`,
  ]);
  return page(
    { zh: title.zh, en: title.en },
    [
      `Pack ${code(`${id}@${version}`)}, in force from ${effectiveFrom}, ${rules.length} rules, each with a page of its own. A finding is the judgement of a program, not of an authority: it refuses a posting or calls a reviewer, and a recorded refusal can be appealed once.`,
    ],
    [
      table(['Rule', 'Title 标题', 'Ground', 'Class', 'Severity', 'Law 依据', 'Examples found / not found'], summary),
      table(
        ['Class', '类别', 'Meaning'],
        Object.entries(CLASSES).map(([key, text]) => [key, text.zh, text.en]),
      ),
      table(
        ['Severity', '处理', 'Meaning'],
        Object.entries(SEVERITIES).map(([key, text]) => [key, text.zh, text.en]),
      ),
    ],
  );
}
