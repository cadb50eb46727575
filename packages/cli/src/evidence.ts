import { bundleLines, publishTiles, restoreEvidence } from '@zhengpin/core';
import type { Published, Restored } from '@zhengpin/core';
import type { Command } from 'commander';

import { openArchive } from './archive-url.ts';
import { readCheckpoint } from './checkpoint-file.ts';
import { EXIT, invalid, plain, write } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { createProgress } from './progress.ts';
import { openOrMake, openStore } from './store-url.ts';
import { treeDirectory, writeAtomically } from './tree-directory.ts';
import { openTreeSource } from './verify-published.ts';

interface PlaceArgs {
  readonly store: string;
  readonly dir?: string;
  readonly archive?: string;
  readonly tenant?: string;
  readonly vkey?: string;
  readonly json?: boolean;
}

interface BundleArgs {
  readonly store: string;
  readonly tenant: string;
  readonly subject?: readonly string[];
  readonly vkey?: string;
  readonly against?: string;
  readonly out: string;
}

const STORE = 'sqlite:路径 / sqlite:PATH, postgres://…, mysql://…';
const DIR = '目录 / folder';
const ARCHIVE = 'file:目录 / file:DIR; s3://BUCKET/PREFIX/?endpoint=…&region=…';
const VKEY = '另行保管的验证密钥 / verifier key kept elsewhere';

function onePlace({ dir, archive }: PlaceArgs): void {
  if ((dir === undefined) === (archive === undefined)) throw invalid('须给出 --dir 与 --archive 之一', 'Give one of --dir and --archive');
}

/** Publish the logs of a store to a folder or an archive (导出证据). */
async function exportCommand(args: PlaceArgs, io: Io): Promise<ExitCode> {
  onePlace(args);
  const { tenant, vkey } = args;
  const store = await openStore(args.store);
  const progress = createProgress(io, '导出 Exporting');
  let logs: readonly Published[];
  try {
    const archive = args.archive === undefined ? undefined : await openArchive(args.archive);
    try {
      logs = await publishTiles(store, archive ?? treeDirectory(args.dir ?? ''), {
        ...(tenant === undefined ? {} : { tenant }),
        ...(vkey === undefined ? {} : { vkeys: [vkey.trim()] }),
        onProgress: progress.move,
      });
    } finally {
      await archive?.close();
    }
  } finally {
    progress.stop();
    await store.close();
  }
  const lines = logs.map(({ origin, size, added }) => `${plain(origin)}  ${size} 条（新增 ${added}） / ${size} entries (${added} new)\n`);
  const none = '该存储中没有日志 / This store has no log\n';
  await write(io.stdout, args.json ? `${JSON.stringify({ logs }, undefined, 2)}\n` : lines.join('') || none);
  return EXIT.ok;
}

const ONLY_LOG = [
  '只恢复了日志，记录不在其中：请由备份恢复记录，再运行 zhengpin verify',
  'Only the log came back, records are not in it: bring them from a backup, then run zhengpin verify',
  '检查点之后的条目已丢失；以同一日志名续写即与原日志分叉，请改用新的名称与密钥',
  'Entries after the checkpoint are lost; writing on under the same name forks the log: use a new name and key',
];

/** Rebuild the log of an empty store from what was published (恢复证据). */
async function restoreCommand(args: PlaceArgs, io: Io): Promise<ExitCode> {
  onePlace(args);
  const { tenant, vkey } = args;
  const source = await openTreeSource(args);
  const progress = createProgress(io, '恢复 Restoring');
  let logs: readonly Restored[];
  try {
    const store = await openOrMake(args.store);
    try {
      logs = await restoreEvidence(source, store, {
        ...(tenant === undefined ? {} : { tenant }),
        ...(vkey === undefined ? {} : { vkey: vkey.trim() }),
        onProgress: progress.move,
      });
    } finally {
      await store.close();
    }
  } finally {
    progress.stop();
    await source.close();
  }
  const lines = [...logs.map(({ origin, size }) => `${plain(origin)}  ${size} 条 / ${size} entries`), ...ONLY_LOG];
  await write(io.stdout, args.json ? `${JSON.stringify({ logs }, undefined, 2)}\n` : `${lines.join('\n')}\n`);
  return EXIT.ok;
}

function recordName(text: string): { readonly collection: string; readonly id: string } {
  const cut = text.indexOf('/');
  if (cut < 1 || cut === text.length - 1) throw invalid('--subject 须为 集合/标识', '--subject is COLLECTION/ID');
  return { collection: text.slice(0, cut), id: text.slice(cut + 1) };
}

/** Write a bundle of evidence that proves itself (制作证据包). */
async function bundleCommand(args: BundleArgs, io: Io): Promise<ExitCode> {
  const subjects = (args.subject ?? []).map(recordName);
  const against = args.against === undefined ? undefined : await readCheckpoint(args.against);
  const store = await openStore(args.store);
  try {
    const lines = bundleLines(store, {
      tenant: args.tenant,
      subjects,
      ...(args.vkey === undefined ? {} : { vkeys: [args.vkey.trim()] }),
      ...(against === undefined ? {} : { against }),
    });
    if (args.out !== '-') await writeAtomically(args.out, lines);
    else for await (const line of lines) await write(io.stdout, line);
    return EXIT.ok;
  } finally {
    await store.close();
  }
}

/** The commands that hand evidence out and take it back in (证据命令): `zhengpin evidence …`. */
export function addEvidence(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const evidence = program.command('evidence').description('证据的导出、恢复与出具 / export, restore and hand out evidence');
  evidence
    .command('export')
    .description('将日志发布为 C2SP tlog-tiles，只写新增部分 / publish the logs as C2SP tlog-tiles, only what is new')
    .requiredOption('--store <url>', STORE)
    .option('--dir <dir>', DIR)
    .option('--archive <url>', ARCHIVE)
    .option('--tenant <id>', '仅此租户 / only this tenant')
    .option('--vkey <key>', VKEY)
    .option('--json', 'JSON')
    .action(async (options: PlaceArgs) => end(await exportCommand(options, io)));
  evidence
    .command('restore')
    .description('由导出或归档重建空存储中的日志，不含记录 / rebuild the log of an empty store, without records')
    .requiredOption('--store <url>', STORE)
    .option('--dir <dir>', DIR)
    .option('--archive <url>', ARCHIVE)
    .option('--tenant <id>', '仅此租户 / only this tenant')
    .option('--vkey <key>', VKEY)
    .option('--json', 'JSON')
    .action(async (options: PlaceArgs) => end(await restoreCommand(options, io)));
  evidence
    .command('bundle')
    .description('出具可独立校验的证据包（JSON Lines） / a bundle that proves itself, as JSON Lines')
    .requiredOption('--store <url>', STORE)
    .requiredOption('--tenant <id>', '租户 / tenant')
    .option('--subject <collection/id...>', '仅与这些记录有关的条目，并附记录 / only entries about these records, and the records')
    .option('--vkey <key>', VKEY)
    .option('--against <file>', '对方保存的检查点，附一致性证明 / checkpoint the reader has kept, to add a consistency proof')
    .requiredOption('--out <file>', '文件，- 为标准输出 / file, - is stdout')
    .action(async (options: BundleArgs) => end(await bundleCommand(options, io)));
}
