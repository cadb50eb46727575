// Writes the reference pages of this folder from the tables they describe: `npm run docs`. With --check it writes nothing
// and fails, naming each page that no longer says what the code says.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import {
  CLOCKS,
  CN_NATIONAL,
  ERRORS,
  INSTRUMENTS,
  OBLIGATIONS,
  PENALTIES,
  PERMISSIONS,
  POSTING_NOTES,
  POSTING_SCHEMA,
  ROLES,
} from '@zhengpin/core';
import type { BoundParty, DutyClock, ErrorCode, FieldNote, PenaltyTrigger, Text } from '@zhengpin/core';
import { openApi, STATUS } from '@zhengpin/express';

import { anchor, both, code, escape, law, page, table } from './markdown.ts';
import { rulePages, screeningPage } from './rule-pages.ts';

const PARTIES: Readonly<Record<BoundParty, Text>> = {
  all: { zh: '各类人力资源服务机构', en: 'every agency' },
  commercial: { zh: '经营性机构', en: 'commercial agencies' },
  platform: { zh: '平台运营者', en: 'platform operators' },
  public: { zh: '公共服务机构', en: 'public agencies' },
  employer: { zh: '用人单位', en: 'employers' },
  worker: { zh: '劳动者', en: 'workers' },
  regulator: { zh: '主管部门', en: 'the authority' },
};

const TRIGGERS: Readonly<Record<PenaltyTrigger, Text>> = {
  'on-finding': { zh: '查实即罚', en: 'on finding' },
  'with-illegal-gains': { zh: '有违法所得时', en: 'only with illegal gains' },
  'after-refusal': { zh: '拒不改正时', en: 'only after refusal to correct' },
  'after-deadline': { zh: '逾期不改正时', en: 'only after the deadline to correct' },
  'by-gravity': { zh: '视情节', en: 'by gravity' },
};

function obligations(): string {
  const rows = OBLIGATIONS.map((row) => [
    row.article,
    both({
      zh: [row.boundBy, ...(row.alsoBinds ? [row.alsoBinds] : [])].map((party) => PARTIES[party].zh).join('、'),
      en: [row.boundBy, ...(row.alsoBinds ? [row.alsoBinds] : [])].map((party) => PARTIES[party].en).join(', '),
    }),
    `**${escape(row.title.zh)}** ${escape(row.duty.zh)}`,
    `**${escape(row.title.en)}.** ${escape(row.duty.en)}`,
    row.clock ? both(row.clock) : '',
    row.penalties.map((key) => `[${key}](#${anchor(key)})`).join(' '),
    [...row.servedBy.map(code), ...(row.open ? [`（${both(row.open)}）`] : [])].join(' '),
  ]);
  const penalties = Object.values(PENALTIES).map((row) => [
    `<a id="${anchor(row.code)}"></a>${row.code}`,
    both(row.title),
    both(row.text),
    both(TRIGGERS[row.trigger]),
    law(row.citations),
  ]);
  return page(
    { zh: '义务与罚则', en: 'Duties and penalties' },
    [
      'Every duty of Order No. 44 (网络招聘服务管理规定), in article order. Which of them bind one operator is decided by `applicability`. A row that nothing serves is left to the operator: the software does not check it.',
    ],
    [
      table(['Article', 'Who is bound 义务主体', '义务', 'Duty', 'Clock 时限', 'Penalty 罚则', 'Served by'], rows),
      '## Penalties (罚则)',
      table(['Code', 'Breach 违法行为', 'Consequence 后果', 'When 触发', 'Law 依据'], penalties),
      '## Instruments (所依据的法律文件)',
      table(
        ['Key', 'Title', 'Number', 'Version', 'In force from'],
        INSTRUMENTS.map((row) => [code(row.id), both(row.title), row.number, row.version, row.effectiveFrom]),
      ),
    ],
  );
}

/** The part of JSON Schema the posting schema uses. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: { readonly [name: string]: Schema };
}

function typeOf(schema: Schema): string {
  const range = (low: number | undefined, high: number | undefined): string =>
    low === undefined && high === undefined ? '' : ` ${low ?? 0}–${high ?? ''}`;
  if (schema.enum) return schema.enum.map(code).join(' ');
  return `${schema.format ?? schema.type ?? ''}${range(schema.minLength, schema.maxLength)}${range(schema.minimum, schema.maximum)}`;
}

function* fields(
  schema: Schema,
  at: string,
  depth: number,
): Generator<{ pointer: string; schema: Schema; note: FieldNote | undefined; required: string }> {
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const pointer = `${at}/${name}`;
    const note = POSTING_NOTES[pointer];
    const isRequired = schema.required?.includes(name) === true;
    // A field that is cited without being required by the schema is required by the gate until it is relaxed.
    const optional = depth === 0 && note !== undefined ? 'unless relaxed' : '';
    yield { pointer, schema: child, note, required: isRequired ? 'yes' : optional };
    yield* fields(child, pointer, depth + 1);
  }
}

function posting(): string {
  const rows = [...fields(POSTING_SCHEMA, '', 0)].map(({ pointer, schema, note, required }) => [
    code(pointer),
    typeOf(schema),
    required,
    note ? both(note.title) : '',
    escape(schema.description ?? ''),
    note ? law(note.citations) : '',
    note?.advice ? both(note.advice) : '',
  ]);
  return page(
    { zh: '招聘信息字段', en: 'Fields of a posting' },
    [
      'Numbers after a type are the bounds of its length or value. A field below another is required only where its parent is given. *Unless relaxed*: required by Order No. 44 Art. 15(1); an operator can relax it, with a reason that is recorded.',
    ],
    [table(['Field', 'Type', 'Required', 'Name 名称', 'Meaning', 'Law 依据', 'Advice 提示'], rows)],
  );
}

function errors(): string {
  const rows = Object.entries(ERRORS).map(([key, title]) => [
    `<a id="${key}"></a>${code(key)}`,
    // The table is declared with exactly these keys.
    String(STATUS[key as ErrorCode]),
    escape(title.en),
    escape(title.zh),
  ]);
  return page(
    { zh: '错误码', en: 'Errors' },
    [
      'Every refusal is an RFC 9457 problem document whose `code` is one of these. Codes are never renamed; recognise an error by its code.',
    ],
    [table(['Code', 'Status', 'Title', '标题'], rows)],
  );
}

function permissions(): string {
  const rows = Object.entries(PERMISSIONS).map(([verb, roles]: [string, readonly string[]]) => [
    code(verb),
    ...ROLES.map((role) => (roles.includes(role) ? '✓' : '')),
  ]);
  return page(
    { zh: '权限', en: 'Permissions' },
    [
      'What is not ticked is refused. Employers and agencies act inside their own organisation only, all roles inside their own tenant only.',
    ],
    [table(['Verb', ...ROLES], rows), `${Object.keys(PERMISSIONS).length} verbs, ${ROLES.length} roles.`],
  );
}

const CLOCK_KINDS: Readonly<Record<DutyClock['kind'], Text>> = {
  deadline: { zh: '届满日前', en: 'by the last day' },
  'not-before': { zh: '届满前不得', en: 'not before it is over' },
  keep: { zh: '保存至届满', en: 'kept until then' },
  automatic: { zh: '到期自动', en: 'done by the kit' },
};
const BASES: Readonly<Record<DutyClock['basis'], Text>> = {
  law: { zh: '法律法规规章', en: 'statute' },
  notice: { zh: '规范性文件', en: 'notice' },
  internal: { zh: '内部目标', en: 'target of the kit' },
};

function lengthOf({ length }: DutyClock): Text {
  if ('hours' in length) return { zh: `${length.hours} 小时`, en: `${length.hours} hours` };
  if ('workingDays' in length) return { zh: `${length.workingDays} 个工作日`, en: `${length.workingDays} working days` };
  if ('days' in length)
    return length.days === 0 ? { zh: '当日', en: 'the same day' } : { zh: `${length.days} 日`, en: `${length.days} days` };
  if ('months' in length) return { zh: `${length.months} 个月`, en: `${length.months} months` };
  if ('years' in length) return { zh: `${length.years} 年`, en: `${length.years} years` };
  return { zh: '他人规定', en: 'set by others' };
}

function clocks(): string {
  const rows = CLOCKS.map((clock) => [
    code(clock.id),
    both(clock.title),
    both(PARTIES[clock.boundBy]),
    both(clock.trigger),
    both(lengthOf(clock)),
    both(CLOCK_KINDS[clock.kind]),
    both(BASES[clock.basis]),
    both(clock.proof),
    law(clock.citations),
    clock.remind.length === 0 ? '' : clock.remind.join(', '),
    code(clock.keptBy),
  ]);
  const heads = [
    'Clock',
    'Duty 义务',
    'Who 主体',
    'Starts 起算',
    'Length 期间',
    'Kind',
    'Basis',
    'Proof 证明',
    'Law 依据',
    'Reminders, days before',
    'Kept by',
  ];
  return page(
    { zh: '时限表', en: 'Clocks' },
    [
      'Every clock the duty calendar knows. The day a clock starts on is not counted; working days follow the arrangement of the State Council, make-up days included; a last day that is not a working day is not moved. What is *kept by* `duties` somebody starts and stops in the calendar; the others start and stop with the records of that part of the kit.',
    ],
    [table(heads, rows)],
  );
}

/** Rule pages have a folder of their own, so that the page of a rule that is gone can be told from a page written by hand. */
const RULES = 'rules';

const PAGES: Readonly<Record<string, () => string>> = {
  'obligations.md': obligations,
  'posting.md': posting,
  'clocks.md': clocks,
  'errors.md': errors,
  'permissions.md': permissions,
  'screening.md': () => screeningPage(CN_NATIONAL, RULES),
  ...Object.fromEntries([...rulePages(CN_NATIONAL)].map(([name, text]) => [`${RULES}/${name}`, () => text])),
  'openapi.json': () => `${JSON.stringify(openApi('/compliance'), undefined, 2)}\n`,
};

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const folder = import.meta.dirname;
const stale: string[] = [];
if (!values.check) mkdirSync(join(folder, RULES), { recursive: true });
for (const [file, write] of Object.entries(PAGES)) {
  const path = join(folder, file);
  const text = write();
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  stale.push(file);
  if (!values.check) writeFileSync(path, text);
}
const pages = existsSync(join(folder, RULES)) ? readdirSync(join(folder, RULES)) : [];
for (const file of pages.map((name) => `${RULES}/${name}`)) {
  if (Object.hasOwn(PAGES, file)) continue;
  stale.push(file);
  if (!values.check) rmSync(join(folder, file));
}
if (values.check && stale.length > 0) {
  console.error(`out of date: ${stale.map((file) => `docs/${file}`).join(', ')}\nrun: npm run docs`);
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? 'docs: up to date' : `docs: wrote ${stale.join(', ')}`);
}
