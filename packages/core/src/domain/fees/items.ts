import type { Issue } from '../../kernel/errors.ts';
import type { Citation } from '../../kernel/law.ts';
import type { Text } from '../../kernel/text.ts';
import { cite } from '../../rules/instruments.ts';
import type { ScreenResult } from '../../screening/types.ts';
import {
  HELD_EN,
  isHeldName,
  isHeldWhat,
  romanised,
  SURE_OF_A_JOB,
  UNAVOIDABLE,
  USED_FOR,
  withoutDenials,
  withoutDenialsEn,
  withoutHarmless,
} from './held.ts';
import type { PriceItem } from './records.ts';
import {
  CATEGORIES,
  CONDITION,
  DEPOSIT_EN,
  DEPOSIT_HIDDEN_EN,
  DEPOSIT_MASKED_EN,
  FEE,
  FEE_SOUNDS,
  GIVEN_BACK,
  GIVEN_BACK_LATER,
  HARMLESS_GOLD,
  IN_PARTS,
  JOB,
  JOB_EN,
  KEPT,
  LOAN,
  LOAN_EN,
  OTHER_FEE,
  PAPERS_EN,
  PROMISE,
  read,
  soundsOf,
  STRANGE,
  SUM,
  SUM_LITERAL,
  WAGES,
  WITHHOLDING,
  WORKER_LOAN,
  WORKER_SUM,
} from './words.ts';

type ItemRule =
  | 'deposit'
  | 'worker-pays-for-job'
  | 'loan'
  | 'id-withholding'
  | 'public-core-fee'
  | 'not-optional'
  | 'category'
  | 'unreadable'
  | 'unique';

type Screen = (text: string) => ScreenResult;
/** Where in an item, and what. */
type Finding = readonly [string, ItemRule];
type Named = readonly [string, string];
type Note = { readonly title: Text; readonly advice: Text; readonly citations: readonly Citation[] };

const SERVICES: Text = {
  zh: '向劳动者收费的，仅限自愿选择的简历、职业指导、测评、面试辅导、会员、技能课程服务，名称写明服务内容',
  en: 'Workers may only be offered services they are free to leave: résumés, career guidance, assessment, interview practice, membership, courses; name the service',
};

/** What is said of a refused item (收费项目的拒绝理由). */
const NOTES: { readonly [rule in ItemRule]: Note } = {
  deposit: {
    title: { zh: '不得以任何名义向劳动者收取押金、担保', en: 'No deposit or guarantee may be taken from workers under any name' },
    advice: { zh: '删除该项；已经收取的，退还劳动者本人', en: 'Remove the item, and give back what has been taken' },
    citations: [cite('order44', '19(2)'), cite('employment-promotion', '41()(4)'), cite('labour-contract', '9')],
  },
  'worker-pays-for-job': {
    title: { zh: '不得使劳动者为求职、入职或者留任付费', en: 'Workers may not be made to pay to get or to keep a job' },
    advice: SERVICES,
    citations: [cite('order44', '19(1)'), cite('order44', '19(2)'), cite('hr-market', '27'), cite('labour-contract', '9')],
  },
  loan: {
    title: {
      zh: '不得收取或者推销贷款、分期、入股、集资、加盟、传销款项',
      en: 'No loans, instalments, shares, fund-raising, franchises or pyramids',
    },
    advice: {
      zh: '删除该项，服务只按次或按期收取明示的价款',
      en: 'Remove the item; charge the declared price of a service and nothing else',
    },
    citations: [cite('order44', '19(1)'), cite('notice-2025-60', '6')],
  },
  'id-withholding': {
    title: { zh: '不得扣押、代管劳动者证件', en: 'Papers of workers may not be kept' },
    advice: { zh: '删除该项；查验证件后当场交还', en: 'Remove the item; look at papers and hand them back' },
    citations: [cite('labour-contract', '9'), cite('employment-promotion', '41()(4)')],
  },
  'public-core-fee': {
    title: { zh: '公共就业服务机构的基本服务不得收费', en: 'Core services of a public agency are free' },
    advice: { zh: '将金额改为 0', en: 'Set the amount to 0' },
    citations: [cite('hr-market', '15')],
  },
  'not-optional': {
    title: { zh: '向劳动者收费的项目须为自愿选择的增值服务', en: 'What workers pay for has to be an extra that they are free to leave' },
    advice: SERVICES,
    citations: [cite('order44', '19(1)'), cite('order44', '19(2)')],
  },
  category: {
    title: { zh: '名称看不出属于哪一类服务', en: 'The name does not say which kind of service it is' },
    advice: SERVICES,
    citations: [cite('order44', '19(2)'), cite('hr-market', '32')],
  },
  unreadable: {
    title: { zh: '含有图形符号或者其他文字', en: 'Has pictures or characters of another script in it' },
    advice: { zh: '只用汉字、拉丁字母、数字和标点', en: 'Use Chinese and Latin characters, digits and punctuation only' },
    citations: [cite('order44', '19(2)'), cite('hr-market', '32')],
  },
  unique: {
    title: { zh: '项目编号重复', en: 'The id is used twice' },
    advice: { zh: '换一个编号', en: 'Choose another id' },
    citations: [cite('hr-market', '32')],
  },
};

const LEET: { readonly [sign: string]: string } = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '@': 'a', $: 's' };

/** The ways an English text may be meant: marks between words, marks inside words, letters apart. */
function readEnglish(text: string): { readonly words: string; readonly closed: string; readonly squeezed: string; readonly raw: string } {
  const raw = text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase();
  const lettered = raw.replace(/[01345@$]/gu, (sign) => LEET[sign] ?? sign);
  const words = ` ${raw.replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  const closed = ` ${lettered.replace(/(?<=\p{L})[^\p{L}\p{N}\s]+(?=\p{L})/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  return { words, closed, squeezed: lettered.replace(/[^\p{L}]/gu, ''), raw };
}

function nameRules(item: PriceItem): readonly ItemRule[] {
  const whole = read(item.name.zh).replace(/[，。]/gu, '');
  const name = withoutHarmless(whole);
  const rules: ItemRule[] = [];
  const sounds = soundsOf(name);
  const isHeld = romanised(name).some((view) => SUM.test(soundsOf(view)) || isHeldName(view));
  const isGolden = name.replace(HARMLESS_GOLD, '').includes('金');
  const isGivenBack = GIVEN_BACK.test(name) || GIVEN_BACK_LATER.test(whole);
  const isKept = KEPT.test(name) || isGolden || sounds.includes('baozheng');
  if (isHeld || SUM_LITERAL.test(name) || WAGES.test(name) || isGivenBack || isKept) rules.push('deposit');
  if (WORKER_LOAN.test(name) || IN_PARTS.test(name)) rules.push('loan');
  if (item.amountFen > 0 && (FEE.test(name) || OTHER_FEE.test(name) || FEE_SOUNDS.test(name) || JOB.test(name) || PROMISE.test(name)))
    rules.push('worker-pays-for-job');
  return rules;
}

function englishRules(text: string, mayDeny: boolean, amountFen: number): readonly ItemRule[] {
  const { words, closed, squeezed, raw } = readEnglish(text);
  const views = mayDeny ? [withoutDenialsEn(words), withoutDenialsEn(closed)] : [words, closed];
  const says = (pattern: RegExp): boolean => views.some((view) => pattern.test(view));
  const isHidden = !mayDeny && (DEPOSIT_HIDDEN_EN.test(squeezed) || DEPOSIT_MASKED_EN.test(raw) || /\bdépôt/iu.test(text.normalize('NFC')));
  const rules: ItemRule[] = [];
  if (says(DEPOSIT_EN) || says(HELD_EN) || isHidden) rules.push('deposit');
  if (amountFen > 0 && says(JOB_EN)) rules.push('worker-pays-for-job');
  return rules;
}

function whatRules(item: PriceItem): readonly ItemRule[] {
  const whole = read(item.what.zh);
  const left = withoutDenials(whole);
  const joined = left.replace(/[，。]/gu, '');
  const rules: ItemRule[] = [];
  const isSum = SUM.test(soundsOf(joined)) || SUM_LITERAL.test(joined) || /担保/u.test(left);
  if (isSum || WAGES.test(left) || GIVEN_BACK_LATER.test(left) || isHeldWhat(left)) rules.push('deposit');
  const isForJob = Array.from(left.matchAll(USED_FOR), ([, purpose = '']) => purpose).some((purpose) => JOB.test(purpose));
  const isPromised = PROMISE.test(left) || SURE_OF_A_JOB.test(left);
  const isCharge = item.amountFen > 0 && (isForJob || FEE.test(left));
  if (CONDITION.test(whole) || UNAVOIDABLE.test(whole) || isPromised || isCharge) rules.push('worker-pays-for-job');
  if (WORKER_LOAN.test(left)) rules.push('loan');
  return rules;
}

/** What no payer may be charged for. */
function rulesForAll(item: PriceItem): readonly Finding[] {
  const found: Finding[] = [];
  for (const field of ['name', 'what'] as const) {
    const folded = read(item[field].zh);
    const left = field === 'what' ? withoutDenials(folded) : folded.replace(/[，。]/gu, '');
    const { words, closed } = readEnglish(item[field].en);
    const views = [words, closed].map((view) => (field === 'what' ? withoutDenialsEn(view) : view));
    if (LOAN.test(left)) found.push([`${field}/zh`, 'loan']);
    if (views.some((view) => LOAN_EN.test(view))) found.push([`${field}/en`, 'loan']);
    if (WITHHOLDING.test(left)) found.push([`${field}/zh`, 'id-withholding']);
    if (views.some((view) => PAPERS_EN.test(view))) found.push([`${field}/en`, 'id-withholding']);
    if (WORKER_SUM.test(soundsOf(left))) found.push([`${field}/zh`, 'deposit']);
  }
  return found;
}

const GROUNDS: { readonly [ground: string]: ItemRule } = {
  deposit: 'deposit',
  fee: 'worker-pays-for-job',
  loan: 'loan',
  id_withholding: 'id-withholding',
};

function screened({ name, what, payer, amountFen }: PriceItem, screen: Screen): readonly Finding[] {
  const isWorker = payer === 'worker';
  const folded = read(name.zh);
  const harmless = withoutHarmless(folded);
  // As it stands, unless something in it only sounds like what is looked for.
  const said = harmless === folded ? name.zh : harmless;
  const texts: readonly Named[] = [
    ['name/zh', said],
    ['what/zh', what.zh],
    // As a posting would put it: a catalogue only names what is paid.
    ...(isWorker
      ? ([
          ['name/zh', `入职须缴纳${said}500元`],
          ['name/zh', `${said}500元`],
        ] as const)
      : []),
  ];
  const counts = (rule: ItemRule): boolean =>
    rule === 'loan' || rule === 'id-withholding' || (isWorker && (rule === 'deposit' || amountFen > 0));
  return texts.flatMap(([field, text]) =>
    screen(text).findings.flatMap(({ ground }) => {
      const rule = GROUNDS[ground];
      return rule !== undefined && counts(rule) ? [[field, rule] as const] : [];
    }),
  );
}

function workerRules(item: PriceItem): readonly Finding[] {
  const { name, what, amountFen, category } = item;
  const found: Finding[] = [
    ...nameRules(item).map((rule) => ['name/zh', rule] as const),
    ...englishRules(name.en, false, amountFen).map((rule) => ['name/en', rule] as const),
    ...englishRules(what.en, true, amountFen).map((rule) => ['what/en', rule] as const),
    ...whatRules(item).map((rule) => ['what/zh', rule] as const),
    ...(['name', 'what'] as const).flatMap((field) =>
      (['zh', 'en'] as const).flatMap((lang) => (STRANGE.test(item[field][lang]) ? [[`${field}/${lang}`, 'unreadable'] as const] : [])),
    ),
  ];
  if (amountFen === 0) return found;
  if (item.kind !== 'extra') found.push(['kind', 'worker-pays-for-job']);
  if (item.optional !== true) found.push(['optional', 'not-optional']);
  if (category === undefined) found.push(['category', 'category']);
  else {
    const words = CATEGORIES[category];
    if (!words.zh.test(read(name.zh).replace(/[，。]/gu, ''))) found.push(['name/zh', 'category']);
    if (!words.en.test(readEnglish(name.en).words)) found.push(['name/en', 'category']);
  }
  return found;
}

function issueOf(at: number, [field, rule]: Finding): Issue {
  return { pointer: `/items/${at}/${field}`, rule, ...NOTES[rule] };
}

/**
 * Why an item may not be declared (收费项目审查). A worker may be charged for nothing but what is allowed by name; a deposit, a charge for a job, a
 * loan or the keeping of papers is refused however it is written.
 * @source Order 44 Art. 19; Interim Regulation on the Human Resources Market Arts. 15, 27; Employment Promotion Law Art. 41; Labour Contract Law Art. 9
 */
export function itemIssues(item: PriceItem, at: number, screen: Screen): readonly Issue[] {
  const found = [...rulesForAll(item), ...screened(item, screen), ...(item.payer === 'worker' ? workerRules(item) : [])];
  const seen = new Set<string>();
  return found.flatMap((one) => {
    const key = one.join(' ');
    if (seen.has(key)) return [];
    seen.add(key);
    return [issueOf(at, one)];
  });
}

export function listIssues(items: readonly PriceItem[], screen: Screen): readonly Issue[] {
  const ids = items.map(({ id }) => id);
  return items.flatMap((item, at) => [
    ...itemIssues(item, at, screen),
    ...(ids.indexOf(item.id) < at ? [issueOf(at, ['id', 'unique'])] : []),
  ]);
}

export function isCoreFee({ kind, amountFen }: PriceItem): boolean {
  return kind === 'core' && amountFen > 0;
}

/** @source Interim Regulation on the Human Resources Market Art. 15 */
export function publicIssues(items: readonly PriceItem[]): readonly Issue[] {
  return items.flatMap((item, at) => (isCoreFee(item) ? [issueOf(at, ['amountFen', 'public-core-fee'])] : []));
}
