import { compilePack, INSTRUMENTS, isComplianceError, PENALTIES } from '@zhengpin/core';
import type { Citation, Modifier, Pack, Rule, Text } from '@zhengpin/core';

import { both, EXIT, plain, write } from '../io.ts';
import type { ExitCode, Io } from '../io.ts';
import { loadPack } from './pack-file.ts';

export interface LintArgs {
  readonly pack: string;
  readonly base?: string;
  readonly json?: boolean;
}

/** Something about a rule that a person must put right (自检发现). */
interface Remark {
  /** Id of the rule, or of the pack. */
  readonly of: string;
  readonly check: 'ids' | 'texts' | 'citations' | 'exceptions' | 'examples' | 'penalty' | 'class' | 'modifiers' | 'engine';
  readonly detail: Text;
}

const LEAST_EXAMPLES = 5;
/** As {@link citationText} reads it: article, inserted article, paragraph, item. */
const ARTICLE = /^\d{1,3}(-\d{1,2})?(\(\d{0,3}\))?(\(\d{1,3}\))?$/u;

function* repeated(values: readonly string[]): Generator<string> {
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) yield value;
    seen.add(value);
  }
}

function* textRemarks(of: string, what: string, { zh, en }: Text): Generator<Remark> {
  if (!/\p{Script=Han}/u.test(zh)) yield { of, check: 'texts', detail: { zh: `${what} 缺中文`, en: `${what} has no Chinese text` } };
  if (!/[A-Za-z]{2}/u.test(en)) yield { of, check: 'texts', detail: { zh: `${what} 缺英文`, en: `${what} has no English text` } };
}

function* citationRemarks(of: string, check: Remark['check'], citations: readonly Citation[], on: string): Generator<Remark> {
  for (const { instrument, version, article } of citations) {
    const name = `${instrument} (${version}) ${article}`;
    const row = INSTRUMENTS.find((one) => one.id === instrument && one.version === version);
    if (!row) yield { of, check, detail: { zh: `未收录的法律文件：${name}`, en: `not a known instrument or version: ${name}` } };
    else if (!ARTICLE.test(article))
      yield { of, check, detail: { zh: `条号格式不符：${name}`, en: `not the form of an article: ${name}` } };
    else if (row.effectiveFrom > on || (row.effectiveTo ?? '9999') < on) {
      yield { of, check, detail: { zh: `${on} 未施行：${name}`, en: `not in force on ${on}: ${name}` } };
    }
  }
}

function* ruleRemarks(rule: Rule, on: string): Generator<Remark> {
  const of = rule.id;
  yield* textRemarks(of, 'title', rule.title);
  yield* textRemarks(of, 'advice', rule.advice);
  if (rule.citations.length === 0) yield { of, check: 'citations', detail: { zh: '没有引用条文', en: 'cites no article' } };
  yield* citationRemarks(of, 'citations', rule.citations, on);
  for (const id of repeated(rule.exceptions.map((one) => one.id))) {
    yield { of, check: 'exceptions', detail: { zh: `例外编号重复：${id}`, en: `exception id used twice: ${id}` } };
  }
  for (const { id, title, citations } of rule.exceptions) {
    yield* textRemarks(of, `exception ${id}`, title);
    // An exception without an article would let free text clear a finding.
    if (citations.length === 0)
      yield { of, check: 'exceptions', detail: { zh: `例外 ${id} 没有引用条文`, en: `exception ${id} cites no article` } };
    yield* citationRemarks(of, 'exceptions', citations, on);
  }
  const { violating, complying } = rule.examples;
  for (const [kind, examples] of [['violating', violating] as const, ['complying', complying] as const]) {
    const own = new Set(examples).size;
    if (own < LEAST_EXAMPLES) {
      const en = `${own} different ${kind} examples, at least ${LEAST_EXAMPLES} are needed`;
      yield {
        of,
        check: 'examples',
        detail: { zh: `${kind === 'violating' ? '反例' : '正例'}仅 ${own} 条，不足 ${LEAST_EXAMPLES} 条`, en },
      };
    }
  }
  for (const text of violating.filter((one) => complying.includes(one))) {
    yield { of, check: 'examples', detail: { zh: `同为正反例：${text}`, en: `both violating and complying: ${text}` } };
  }
  yield* standingRemarks(of, rule);
  for (const context of repeated((rule.modifiers ?? []).map((one) => one.context))) {
    yield { of, check: 'modifiers', detail: { zh: `同一场合两次调整：${context}`, en: `two modifiers for ${context}` } };
  }
  for (const modifier of rule.modifiers ?? []) yield* modifierRemarks(rule, modifier, on);
}

function* standingRemarks(
  of: string,
  { class: ruleClass, severity, penalty }: Pick<Rule, 'class' | 'severity' | 'penalty'>,
): Generator<Remark> {
  if (penalty !== '' && !Object.hasOwn(PENALTIES, penalty)) {
    yield { of, check: 'penalty', detail: { zh: `未收录的罚则：${penalty}`, en: `not a known penalty: ${penalty}` } };
  }
  // Nobody is refused on the strength of law that does not exist.
  if (ruleClass === 'd' && (severity === 'block' || penalty !== '')) {
    yield {
      of,
      check: 'class',
      detail: {
        zh: '全国性法律法规未禁止的，不得拦截或附罚则',
        en: 'what no national statute prohibits must neither block nor carry a penalty',
      },
    };
  }
}

/** A modifier is held to what its rule is held to: what stands in its context must have law of its own. */
function* modifierRemarks(rule: Rule, modifier: Modifier, on: string): Generator<Remark> {
  const of = rule.id;
  if (modifier.severity !== rule.severity && (modifier.citations ?? []).length === 0) {
    yield { of, check: 'modifiers', detail: { zh: '改变处理须引用条文', en: 'a modifier that changes the severity must cite an article' } };
  }
  yield* citationRemarks(of, 'modifiers', modifier.citations ?? [], on);
  if (modifier.advice) yield* textRemarks(of, `modifier ${modifier.context}`, modifier.advice);
  yield* standingRemarks(of, { ...rule, ...modifier });
}

/** Looks a pack over (规则包自检): all that can be wrong with it as far as a program can tell. */
export function lintPack(pack: Pack): readonly Remark[] {
  const remarks: Remark[] = [...textRemarks(pack.id, 'title', pack.title)];
  for (const id of repeated(pack.rules.map((rule) => rule.id))) {
    remarks.push({ of: id, check: 'ids', detail: { zh: '规则编号重复', en: 'the rule id is used twice' } });
  }
  for (const rule of pack.rules) remarks.push(...ruleRemarks(rule, pack.effectiveFrom));
  try {
    compilePack(pack);
  } catch (error) {
    if (!isComplianceError(error)) throw error;
    // The engine stops at the first; `rules test` finds all.
    remarks.push({ of: pack.id, check: 'engine', detail: error.detail });
  }
  return remarks;
}

/**
 * `zhengpin rules lint` (规则包自检): ends with `finding` if there is anything to put right.
 * @throws as {@link loadPack}
 */
export async function lintCommand(args: LintArgs, io: Io): Promise<ExitCode> {
  const pack = await loadPack(args.pack, args.base);
  const remarks = lintPack(pack);
  if (args.json)
    await write(
      io.stdout,
      `${JSON.stringify({ pack: pack.id, version: pack.version, rules: pack.rules.length, remarks }, undefined, 2)}\n`,
    );
  else {
    const lines = remarks.map(({ of, check, detail }) => `${plain(of)}  ${check}  ${plain(both(detail))}\n`);
    const { length } = remarks;
    await write(
      io.stdout,
      `${lines.join('')}${plain(`${pack.id}@${pack.version}`)}：规则 ${pack.rules.length} 条，待处理 ${length} 处 / ${pack.rules.length} rules, ${length} to put right\n`,
    );
  }
  return remarks.length === 0 ? EXIT.ok : EXIT.finding;
}
