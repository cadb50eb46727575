import { hostTriggers } from '@zhengpin/storage-adapters/host-triggers';
import type { Command } from 'commander';

import { EXIT, invalid, write } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { call, serverCommand, tell } from './server.ts';
import type { Answer, ServerArgs } from './server.ts';

/** `finding` when something of the answer needs a person. */
function hasAnomalies({ anomalies }: Answer): boolean {
  return Array.isArray(anomalies) && anomalies.length > 0;
}

interface FindArgs extends ServerArgs {
  readonly posting?: string;
  readonly organisation?: string;
  readonly from?: string;
  readonly to?: string;
}

async function findCommand(args: FindArgs, io: Io): Promise<ExitCode> {
  const { posting, organisation, from, to } = args;
  if ((posting === undefined) === (organisation === undefined))
    throw invalid('须给出 --posting 与 --organisation 之一', 'Give one of --posting and --organisation');
  if (posting !== undefined) return tell(args, io, await call(args, `/retention/postings/${encodeURIComponent(posting)}`));
  const items: unknown[] = [];
  for (let cursor: unknown; ;) {
    const query = new URLSearchParams({ organisation: organisation ?? '', limit: '100' });
    for (const [name, value] of Object.entries({ from, to, cursor })) if (typeof value === 'string') query.set(name, value);
    const page = await call(args, `/retention/services?${query.toString()}`);
    if (Array.isArray(page['items'])) items.push(...(page['items'] as unknown[]));
    cursor = page['cursor'];
    if (cursor === undefined) return tell(args, io, { items });
  }
}

const DIALECTS = ['postgres', 'mysql', 'sqlite'] as const;

interface TriggerArgs {
  readonly dialect: string;
  readonly table: string;
  readonly column: string;
  readonly tenant: string;
  readonly schema?: string;
}

/** The commands about keeping and disposing (保存与处置命令): `zhengpin retention …`, against a running platform. */
export function addRetention(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const retention = program
    .command('retention')
    .description('保存期限、暂停处置与处置，经运行中的平台办理 / periods, holds and disposal, through the running platform');
  const command = (name: string, description: string): Command => serverCommand(retention, name, description);
  const post = (path: string, body: object) => async (args: ServerArgs) => {
    const answer = await call(args, path, body);
    end(await tell(args, io, answer, hasAnomalies(answer) ? EXIT.finding : EXIT.ok));
  };

  command('plan', '列出到期的服务，默认试算 / what is due, a dry run unless --record')
    .option('--cap <n>', '至多列出数 / services at most', '100')
    .option('--record', '登记计划，待两人批准 / put the plan on record for two approvals')
    .action(async (args: ServerArgs & { readonly cap: string; readonly record?: boolean }) => {
      if (!/^\d{1,3}$/u.test(args.cap)) throw invalid('--cap 须为 1 至 500 的整数', '--cap must be an integer from 1 to 500');
      await post('/disposals', { cap: Number(args.cap), record: args.record === true })(args);
    });
  command('approve <plan>', '批准处置计划，须两人 / approve a plan: two persons').action(async (plan: string, args: ServerArgs) =>
    post(`/disposals/${encodeURIComponent(plan)}/approval`, {})(args),
  );
  command('apply <plan>', '执行已批准的计划，可续 / apply an approved plan; goes on after an interruption').action(
    async (plan: string, args: ServerArgs) => post(`/disposals/${encodeURIComponent(plan)}/pass`, {})(args),
  );
  command('certificate <service>', '处置凭证 / the certificate of a disposal').action(async (service: string, args: ServerArgs) =>
    end(await tell(args, io, await call(args, `/certificates/${encodeURIComponent(service)}`))),
  );
  command('hold', '暂停处置 / set a hold')
    .requiredOption('--kind <kind>', 'legal | complaint | inspection | litigation')
    .requiredOption('--scope <scope>', 'all | organisation.ID | service.ID | posting.ID')
    .requiredOption('--reference <key>', '案卷编号 / key of the file with the reasons')
    .action(async (args: ServerArgs & { readonly kind: string; readonly scope: string; readonly reference: string }) =>
      post('/holds', { kind: args.kind, scope: args.scope, reference: args.reference })(args),
    );
  command('release <hold>', '解除暂停，须两人 / release a hold: two persons')
    .requiredOption('--reference <key>', '案卷编号，两人须一致 / key of the file, the same for both')
    .action(async (hold: string, args: ServerArgs & { readonly reference: string }) =>
      post(`/holds/${encodeURIComponent(hold)}/release`, { reference: args.reference })(args),
    );
  command('holds', '生效中的暂停 / holds in force').action(async (args: ServerArgs) =>
    end(await tell(args, io, await call(args, '/holds?limit=100'))),
  );
  command('find', '调取 / retrieval')
    .option('--posting <id>', '招聘信息编号 / id of a posting')
    .option('--organisation <id>', '单位 / id of an organisation')
    .option('--from <date>', '完成日起 / first day of completion')
    .option('--to <date>', '完成日止 / last day of completion')
    .action(async (args: FindArgs) => end(await findCommand(args, io)));
  command('archive', '归档：新段、延长锁定、移除已处置的段 / archive what is new, lengthen locks, remove what is done with').action(
    post('/retention/segments', {}),
  );
  command('drill', '恢复演练 / restore drill: rebuild a month from the archive and check it')
    .option('--month <month>', 'YYYY-MM，默认抽签 / default one drawn by lot')
    .action(async (args: ServerArgs & { readonly month?: string }) => {
      const answer = await call(args, '/retention/drills', args.month === undefined ? {} : { month: args.month });
      end(await tell(args, io, answer, answer['ok'] === true ? EXIT.ok : EXIT.finding));
    });
  command('drills', '演练记录 / drills on record').action(async (args: ServerArgs) =>
    end(await tell(args, io, await call(args, '/retention/drills?limit=100'))),
  );
  retention
    .command('triggers')
    .description('打印宿主数据表的防删触发器 / print triggers that keep a table of the host’s from early deletes')
    .requiredOption('--dialect <dialect>', 'postgres | mysql | sqlite')
    .requiredOption('--table <name>', '宿主数据表 / the host’s table')
    .requiredOption('--column <name>', '招聘信息编号所在列 / its column with the id of the posting')
    .requiredOption('--tenant <id>', '租户 / tenant')
    .option('--schema <name>', '本工具数据表的模式，仅 PostgreSQL / schema of the kit’s tables, PostgreSQL only')
    .action(async (args: TriggerArgs) => {
      const dialect = DIALECTS.find((one) => one === args.dialect);
      if (dialect === undefined) throw invalid(`--dialect 须为 ${DIALECTS.join('、')}`, `--dialect is one of ${DIALECTS.join(', ')}`);
      await write(io.stdout, hostTriggers({ ...args, dialect }));
      end(EXIT.ok);
    });
  command('settle', '按规则确认已全部结束的服务 / complete by rule what has wholly ended').action(post('/services/settle', {}));
  command('tick', '记录时间，每日一次 / record the time, once a day').action(post('/retention/ticks', {}));
  command('time', '时间异常后确认日期，须两人 / confirm the date after an anomaly: two persons')
    .requiredOption('--today <date>', '另行查得的当前日期 / the date, by another clock')
    .requiredOption('--reference <key>', '记录编号 / key of the file with the reasons')
    .action(async (args: ServerArgs & { readonly today: string; readonly reference: string }) =>
      post('/retention/time', { today: args.today, reference: args.reference })(args),
    );
}
