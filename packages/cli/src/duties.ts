import type { Command } from 'commander';

import { EXIT, invalid, plain, write } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { call, download, jsonText, misunderstood, serverCommand, stepOf, tell } from './server.ts';
import type { Answer, ServerArgs } from './server.ts';

const STATES = ['missed', 'due', 'upcoming', 'discharged'] as const;
type State = (typeof STATES)[number];
const WORDS: { readonly [state in State]: string } = {
  missed: '逾期 / missed',
  due: '临近 / due',
  upcoming: '未到期 / upcoming',
  discharged: '已履行 / discharged',
};

interface ListArgs extends ServerArgs {
  readonly state?: string;
}

interface Row {
  /** One of {@link STATES}, or what a later version of the platform says. */
  readonly state: string;
  readonly dueOn: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly subject: string;
  readonly daysLeft: number;
  readonly id: string;
}

function isRow(value: unknown): value is Row {
  if (typeof value !== 'object' || value === null) return false;
  const { state, dueOn, title, subject, daysLeft, id } = value as Answer;
  if (typeof title !== 'object' || title === null) return false;
  const { zh, en } = title as Answer;
  return [state, dueOn, subject, id, zh, en].every((one) => typeof one === 'string') && typeof daysLeft === 'number';
}

/** @throws ZP_STORE_UNAVAILABLE */
function rowsOf({ items }: Answer): readonly Row[] {
  if (!Array.isArray(items) || !items.every(isRow)) throw misunderstood();
  return items;
}

function isKnown(state: string): state is State {
  return STATES.some((one) => one === state);
}

async function listCommand(args: ListArgs, io: Io): Promise<ExitCode> {
  const wanted = STATES.find((one) => one === args.state);
  if (args.state !== undefined && wanted === undefined)
    throw invalid(`--state 须为 ${STATES.join('、')}`, `--state is one of ${STATES.join(', ')}`);
  const rows = rowsOf(await call(args, '/duties'));
  const shown = rows.filter(({ state }) => (wanted === undefined ? state !== 'discharged' : state === wanted));
  if (args.json === true) await write(io.stdout, jsonText(shown));
  else
    // What a later version calls otherwise is not passed over.
    for (const state of new Set([...shown.map((row) => row.state).filter((one) => !isKnown(one)), ...STATES])) {
      const some = shown.filter((row) => row.state === state);
      if (some.length === 0) continue;
      const lines = some.map(
        ({ dueOn, title, subject, daysLeft, id }) =>
          `  ${plain(dueOn)}  ${String(daysLeft).padStart(4)}  ${plain(title.zh)} / ${plain(title.en)}  ${plain(subject)}  ${plain(id)}\n`,
      );
      await write(io.stdout, `${isKnown(state) ? WORDS[state] : plain(state)}\n${lines.join('')}`);
    }
  return rows.some(({ state }) => state === 'missed' || !isKnown(state)) ? EXIT.finding : EXIT.ok;
}

interface OpenArgs extends ServerArgs {
  readonly clock: string;
  readonly subject: string;
  readonly startedOn?: string;
  readonly dueOn?: string;
  readonly reference?: string;
  readonly sha256?: string;
}

/** The duty calendar (义务日历命令): `zhengpin duties …`, through a running platform. */
export function addDuties(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const duties = program.command('duties').description('义务日历，经运行中的平台 / the duty calendar, through the running platform');

  serverCommand(duties, 'list', '待办与逾期的义务；有逾期即以 2 退出 / what is to do and what was missed; 2 if anything was missed')
    .option('--state <state>', STATES.join(' | '))
    .action(async (args: ListArgs) => end(await listCommand(args, io)));
  serverCommand(duties, 'clocks', '时限表 / the table of clocks').action(async (args: ServerArgs) =>
    end(await tell(args, io, await call(args, '/duties/clocks'))),
  );
  serverCommand(duties, 'ics', '输出 iCalendar / print an iCalendar')
    .option('--lang <lang>', 'zh | en', 'zh')
    .action(async (args: ServerArgs & { readonly lang: string }) => {
      if (args.lang !== 'zh' && args.lang !== 'en') throw invalid('--lang 须为 zh 或 en', '--lang is zh or en');
      await write(io.stdout, await download(args, `/duties/calendar?lang=${args.lang}`));
      end(EXIT.ok);
    });
  serverCommand(duties, 'open', '起算一项时限 / start a clock')
    .requiredOption('--clock <id>', '时限编号 / id of the clock')
    .requiredOption('--subject <id>', '对象编号 / what it is about')
    .option('--started-on <date>', '起算日 / day that starts it')
    .option('--due-on <date>', '届满日，由通知或文书规定的 / last day, where somebody else sets it')
    .option('--reference <key>', '期限来源 / what sets it')
    .option('--sha256 <hash>', '来源的哈希 / its hash')
    .action(async (args: OpenArgs) => {
      const { clock, subject, startedOn, dueOn, reference, sha256 } = args;
      const source = reference === undefined && sha256 === undefined ? {} : { source: { reference, sha256 } };
      end(await tell(args, io, await call(args, '/duties', { clock, subject, startedOn, dueOn, ...source })));
    });
  serverCommand(duties, 'discharge <id>', '登记履行 / say that it was done')
    .requiredOption('--on <date>', '履行日 / day it was done')
    .requiredOption('--reference <key>', '证明编号 / key of the proof')
    .requiredOption('--sha256 <hash>', '证明的哈希 / its hash')
    .action(async (duty: string, args: ServerArgs & { readonly on: string; readonly reference: string; readonly sha256: string }) => {
      const { on, reference, sha256 } = args;
      end(await tell(args, io, await call(args, `/duties/${stepOf(duty)}/discharge`, { on, reference, sha256 })));
    });
}
