import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { unreadable } from './input.ts';
import { EXIT, invalid, write } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { call, download, misunderstood, serverCommand, stepOf, tell } from './server.ts';
import type { Answer, ServerArgs } from './server.ts';

/** One command over one route. */
interface OperatorCommand {
  /** With the id it is about in angle brackets, where there is one. */
  readonly name: string;
  readonly description: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** `:id` is the argument. */
  readonly path: string;
  /** Whether the body is a JSON file; a write without one has an empty body. */
  readonly takesFile?: true;
  /** Whether the answer is a page or a file and not JSON; `lang` says in which language. */
  readonly isPage?: true;
  /** What of the answer makes the command end with 2. @throws ZP_STORE_UNAVAILABLE where that is not in it */
  readonly finds?: (answer: Answer) => boolean;
}

interface Group {
  readonly name: string;
  readonly description: string;
  readonly commands: readonly OperatorCommand[];
}

/** @throws ZP_STORE_UNAVAILABLE */
function listOf(value: unknown): readonly Answer[] {
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'object' || one === null)) throw misunderstood();
  return value as readonly Answer[];
}

/** @throws ZP_STORE_UNAVAILABLE */
function flagOf(value: unknown): boolean {
  if (typeof value !== 'boolean') throw misunderstood();
  return value;
}

const isGap = ({ items }: Answer): boolean => listOf(items).some(({ ok }) => !flagOf(ok));
const isRefused = ({ allowed }: Answer): boolean => !flagOf(allowed);
const lacks = ({ kinds }: Answer): boolean => listOf(kinds).some(({ missing }) => flagOf(missing));
const isUnfair = ({ warnings }: Answer): boolean => listOf(warnings).length > 0;

function hasDifferences({ total }: Answer): boolean {
  if (!Number.isSafeInteger(total)) throw misunderstood();
  return total !== 0;
}

const GROUPS: readonly Group[] = [
  {
    name: 'disclosure',
    description: '证照、首页公示、变更与终止 / credentials, the home page, changes and the end of the service',
    commands: [
      { name: 'show', description: '公示内容 / what is displayed', method: 'GET', path: '/disclosure' },
      { name: 'set', description: '设定公示内容 / say what is displayed', method: 'PUT', path: '/disclosure', takesFile: true },
      {
        name: 'check',
        description: '立即核查首页，有缺漏以 2 退出 / look at the home pages, 2 for a gap',
        method: 'POST',
        path: '/home-pages/checks',
        finds: isGap,
      },
      { name: 'captures', description: '首页留存记录 / captures of home pages', method: 'GET', path: '/home-pages/captures?limit=100' },
      {
        name: 'sighting',
        description: '登记人工核查 / record what a person saw',
        method: 'POST',
        path: '/home-pages/sightings',
        takesFile: true,
      },
      { name: 'credentials', description: '本机构证照 / credentials', method: 'GET', path: '/credentials?limit=100' },
      { name: 'credential', description: '登记证照 / record a credential', method: 'POST', path: '/credentials', takesFile: true },
      {
        name: 'waiver',
        description: '登记豁免意见 / record counsel’s waiver',
        method: 'POST',
        path: '/credentials/waivers',
        takesFile: true,
      },
      { name: 'changes', description: '变更事项 / changes', method: 'GET', path: '/changes?limit=100' },
      {
        name: 'report <id>',
        description: '变更的书面报告（HTML） / the written report',
        method: 'GET',
        path: '/changes/:id/report',
        isPage: true,
      },
      {
        name: 'receipt <id>',
        description: '登记签收回执 / record the receipt',
        method: 'POST',
        path: '/changes/:id/receipt',
        takesFile: true,
      },
      { name: 'ending', description: '终止服务的进程 / how far the end has come', method: 'GET', path: '/ending' },
      { name: 'announce', description: '公告自行终止 / announce the end', method: 'POST', path: '/ending', takesFile: true },
      { name: 'call-off', description: '撤回公告 / call the end off', method: 'POST', path: '/ending/calling-off' },
      { name: 'end', description: '终止服务 / end the service', method: 'POST', path: '/ending/completion' },
      {
        name: 'deregistered',
        description: '登记办理完毕 / its registration is completed',
        method: 'POST',
        path: '/ending/deregistration',
        takesFile: true,
      },
    ],
  },
  {
    name: 'fees',
    description: '收费目录、收款与对账 / price lists, charges and reconciliation',
    commands: [
      { name: 'lists', description: '历次收费目录 / price lists', method: 'GET', path: '/price-lists?limit=100' },
      { name: 'publish', description: '公布收费目录 / publish a price list', method: 'POST', path: '/price-lists', takesFile: true },
      {
        name: 'withdraw <id>',
        description: '施行前撤回 / take an announced list back',
        method: 'POST',
        path: '/price-lists/:id/withdrawal',
        takesFile: true,
      },
      {
        name: 'charge',
        description: '收款前请求许可，不准以 2 退出 / ask before a payment, 2 for a refusal',
        method: 'POST',
        path: '/charges',
        takesFile: true,
        finds: isRefused,
      },
      { name: 'charges', description: '收款台账 / ledger of charges', method: 'GET', path: '/charges?limit=100' },
      { name: 'refund', description: '登记退款 / record a refund', method: 'POST', path: '/refunds', takesFile: true },
      { name: 'refunds', description: '退款台账 / ledger of refunds', method: 'GET', path: '/refunds?limit=100' },
      {
        name: 'reconcile',
        description: '对账，有差异以 2 退出 / compare with an export, 2 for a difference',
        method: 'POST',
        path: '/reconciliations',
        takesFile: true,
        finds: hasDifferences,
      },
      { name: 'reconciliations', description: '历次对账 / reconciliations', method: 'GET', path: '/reconciliations?limit=100' },
    ],
  },
  {
    name: 'agreement',
    description: '平台服务协议与平台规则 / the platform agreement and rules',
    commands: [
      {
        name: 'versions',
        description: '协议的全部版本 / every version of the agreement',
        method: 'GET',
        path: '/rules?document=agreement&limit=10',
      },
      {
        name: 'rule-versions',
        description: '规则的全部版本 / every version of the rules',
        method: 'GET',
        path: '/rules?document=rules&limit=10',
      },
      {
        name: 'propose',
        description: '提出新版本，疑似不公平条款以 2 退出 / put a version forward, 2 for terms that look unfair',
        method: 'POST',
        path: '/rules',
        takesFile: true,
        finds: isUnfair,
      },
      { name: 'publish <id>', description: '公示 / publish it', method: 'POST', path: '/rules/:id/publication', takesFile: true },
      { name: 'withdraw <id>', description: '撤回 / take it back', method: 'POST', path: '/rules/:id/withdrawal', takesFile: true },
      { name: 'comments <id>', description: '收到的意见 / comments', method: 'GET', path: '/rules/:id/comments?limit=100' },
      { name: 'acceptances', description: '接受记录 / acceptances', method: 'GET', path: '/rules/acceptances?limit=100' },
    ],
  },
  {
    name: 'supervision',
    description: '网络安全证明与整改档案 / proofs of network security, and orders to correct',
    commands: [
      {
        name: 'security',
        description: '各类证明，有缺以 2 退出 / proofs of each kind, 2 if one is missing',
        method: 'GET',
        path: '/security-proofs/status',
        finds: lacks,
      },
      { name: 'prove', description: '登记证明 / register a proof', method: 'POST', path: '/security-proofs', takesFile: true },
      { name: 'orders', description: '整改档案 / orders to correct', method: 'GET', path: '/rectifications?limit=100' },
      { name: 'order', description: '登记收到的文书 / register an order', method: 'POST', path: '/rectifications', takesFile: true },
      { name: 'step <id>', description: '登记步骤 / record a step', method: 'POST', path: '/rectifications/:id/steps', takesFile: true },
      {
        name: 'dossier <id>',
        description: '整改档案页（HTML） / the file to hand in',
        method: 'GET',
        path: '/rectifications/:id/dossier',
        isPage: true,
      },
    ],
  },
];

interface Args extends ServerArgs {
  readonly file?: string;
  readonly lang?: string;
}

async function bodyOf(file: string): Promise<object> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unreadable(file, error);
  });
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (typeof body !== 'object' || body === null) throw invalid(`${file} 不是 JSON 对象`, `${file} is not a JSON object`);
  return body;
}

async function run(command: OperatorCommand, id: string | undefined, args: Args, io: Io): Promise<ExitCode> {
  const path = command.path.includes(':id') ? command.path.replace(':id', stepOf(id ?? '')) : command.path;
  if (command.isPage) {
    if (args.lang !== 'zh' && args.lang !== 'en') throw invalid('--lang 须为 zh 或 en', '--lang is zh or en');
    await write(io.stdout, await download(args, `${path}?lang=${args.lang}`));
    return EXIT.ok;
  }
  const body = command.method === 'GET' ? undefined : command.takesFile ? await bodyOf(args.file ?? '') : {};
  const answer = await call(args, path, body, command.method);
  return tell(args, io, answer, command.finds?.(answer) === true ? EXIT.finding : EXIT.ok);
}

/** What binds the operator itself (机构自身义务命令), through a running platform: one command a route, what is written from JSON files. */
export function addOperator(program: Command, io: Io, end: (code: ExitCode) => void): void {
  for (const { name, description, commands } of GROUPS) {
    const group = program.command(name).description(`${description}，经运行中的平台 / through the running platform`);
    for (const command of commands) {
      const made = serverCommand(group, command.name, command.description);
      if (command.takesFile) made.requiredOption('--file <file>', 'JSON 文件，格式见 /openapi.json / JSON, in the form of /openapi.json');
      if (command.isPage) made.option('--lang <lang>', 'zh | en', 'zh');
      if (command.name.includes('<')) made.action(async (id: string, args: Args) => end(await run(command, id, args, io)));
      else made.action(async (args: Args) => end(await run(command, undefined, args, io)));
    }
  }
}
