import { readFile } from 'node:fs/promises';

import { addKey, createCompliance, fileKeyring, keyStatus } from '@zhengpin/core';
import type { Actor, Compliance, Keys, KeyStatus, Store } from '@zhengpin/core';
import type { Command } from 'commander';

import { unreadable } from './input.ts';
import { EXIT, invalid, plain, write } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { openStore, openWritable } from './store-url.ts';

interface StatusArgs {
  readonly store: string;
  readonly keyring?: string;
  readonly json?: boolean;
}

interface RotateArgs {
  readonly store: string;
  readonly keyring: string;
  /** PEM file of the key that signs checkpoints: a rotation is recorded. */
  readonly signingKey: string;
  readonly tenant?: string;
  readonly as: string;
  readonly perSecond: string;
}

/** Nobody signs in on the command line, so no token is believed. */
const NO_TOKENS = { keys: { jwks: { keys: [] } }, issuer: 'none', audience: 'none', algorithms: ['EdDSA'] };
const MOST_LOGS = 1000;

/** Where the subject keys of a store stand (密钥状态); `finding` when some are wrapped by another key than the keyring's current. */
async function statusCommand(args: StatusArgs, io: Io): Promise<ExitCode> {
  const current = args.keyring === undefined ? undefined : await fileKeyring({ path: args.keyring }).current();
  const store = await openStore(args.store);
  let tenants: readonly KeyStatus[];
  try {
    tenants = await keyStatus(store);
  } finally {
    await store.close();
  }
  const stale = tenants.some(({ keks }) => Object.keys(keks).some((kek) => current !== undefined && kek !== current));
  const json = { ...(current === undefined ? {} : { current }), tenants };
  await write(io.stdout, args.json ? `${JSON.stringify(json, undefined, 2)}\n` : human(tenants, current));
  return stale ? EXIT.finding : EXIT.ok;
}

function human(tenants: readonly KeyStatus[], current: string | undefined): string {
  if (tenants.length === 0) return '该存储中没有数据密钥 / This store has no subject keys\n';
  const lines = tenants.flatMap(({ tenant, keks, erased, pending }) => [
    plain(tenant),
    ...Object.entries(keks).map(([kek, count]) => {
      const mark = current === undefined ? '' : kek === current ? '（当前 / current）' : '（待更换 / to be rewrapped）';
      return `  主密钥 Key ${plain(kek)}  ${count}${mark}`;
    }),
    `  已删除 Erased     ${erased}`,
    `  待第二人 Pending   ${pending}`,
  ]);
  return `${lines.join('\n')}\n`;
}

/** The verifier key of a store's logs, as the first of their heads declares it. */
async function declaredKey(store: Store): Promise<string> {
  const heads = await store.find('evidenceHeads', { limit: 1 });
  const vkey = heads.records[0]?.body['vkey'];
  if (typeof vkey !== 'string') throw invalid('该存储没有日志', 'The store has no log');
  return vkey;
}

async function rotateTenant(compliance: Compliance, actor: Actor, perSecond: number, io: Io): Promise<void> {
  const { checked, rewrapped } = await compliance.rotateAllKeys(actor, { perSecond });
  await write(io.stdout, `${plain(actor.tenant)}  已查 ${checked}，重新包裹 ${rewrapped} / looked at ${checked}, rewrapped ${rewrapped}\n`);
}

/** Wrap every subject key by the keyring's current key (更换主密钥), recorded as evidence; safe to run again after a stop. */
async function rotateCommand(args: RotateArgs, io: Io): Promise<ExitCode> {
  const perSecond = Number(args.perSecond);
  if (!Number.isInteger(perSecond) || perSecond < 1) throw invalid('--per-second 须为正整数', '--per-second must be a whole number from 1');
  const keys: Keys = fileKeyring({ path: args.keyring });
  const privateKeyPem = await readFile(args.signingKey, 'utf8').catch((error: unknown) => {
    throw unreadable(args.signingKey, error);
  });
  const store = await openWritable(args.store);
  try {
    const tenants =
      args.tenant === undefined ? (await store.find('evidenceHeads', { limit: MOST_LOGS })).records.map(({ id }) => id) : [args.tenant];
    const vkey = await declaredKey(store);
    const signing = { name: vkey.split('+')[0] ?? '', privateKeyPem };
    const compliance = createCompliance({ store, signing, identity: NO_TOKENS, keys, clock: io.clock });
    // Signing by a stranger's key would look like a forgery for good.
    if (compliance.evidence.vkey !== vkey)
      throw invalid('--signing-key 不是签署该日志的密钥', '--signing-key is not the key this log is signed with');
    for (const tenant of tenants) await rotateTenant(compliance, { id: args.as, tenant, role: 'operator' }, perSecond, io);
    return EXIT.ok;
  } finally {
    await store.close();
  }
}

/** The commands that work on keys (密钥命令): `zhengpin keys …`. */
export function addKeys(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const keys = program.command('keys').description('密封个人信息的密钥 / the keys personal information is sealed by');
  keys
    .command('add')
    .description('向密钥环增加一个主密钥并启用，文件不存在则新建 / add a key and make it current; makes the file when there is none')
    .requiredOption('--keyring <file>', '密钥环文件 / keyring file')
    .requiredOption('--id <id>', '新密钥的标识，如日期 / id of the new key, such as a date')
    .action(async ({ keyring, id }: { readonly keyring: string; readonly id: string }) => {
      addKey({ path: keyring, id });
      await write(io.stdout, `当前主密钥 ${plain(id)} / ${plain(id)} is current\n`);
      end(EXIT.ok);
    });
  keys
    .command('status')
    .description('各主密钥包裹的数据密钥数 / how many subject keys each key wraps')
    .requiredOption('--store <url>', 'sqlite:路径 / sqlite:PATH')
    .option('--keyring <file>', '密钥环文件，用以判断是否须更换 / keyring file, to tell what is to be rewrapped')
    .option('--json', 'JSON')
    .action(async (options: StatusArgs) => end(await statusCommand(options, io)));
  keys
    .command('rotate')
    .description('以当前主密钥重新包裹全部数据密钥，不改动密封数据 / rewrap every subject key; sealed data stays as it is')
    .requiredOption('--store <url>', 'sqlite:路径 / sqlite:PATH')
    .requiredOption('--keyring <file>', '密钥环文件 / keyring file')
    .requiredOption('--signing-key <file>', '签署检查点的私钥 PEM / PEM of the key that signs checkpoints')
    .option('--tenant <id>', '仅此租户 / only this tenant')
    .option('--as <id>', '记入证据的账号标识 / account id to record', 'command-line')
    .option('--per-second <n>', '每秒至多处理数 / at most so many a second', '100')
    .action(async (options: RotateArgs) => end(await rotateCommand(options, io)));
}
