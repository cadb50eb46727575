import { readFile } from 'node:fs/promises';

import { ComplianceError, verifyBundle, verifyTiles } from '@zhengpin/core';
import type { TreeFinding, TreeReport, TreeResume, TreeSource } from '@zhengpin/core';

import { openArchive } from './archive-url.ts';
import { readChunks, readLines, unreadable } from './input.ts';
import { EXIT, isBrokenPipe, plain, systemCode, write } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { createProgress } from './progress.ts';
import { treeDirectory, writeAtomically } from './tree-directory.ts';

export interface PublishedArgs {
  /** Folder of an export. */
  readonly dir?: string;
  /** `file:DIR` or `s3://BUCKET/PREFIX?…`. */
  readonly archive?: string;
  /** File of a bundle; `-` is stdin. */
  readonly bundle?: string;
  readonly tenant?: string;
  /** Verifier key kept elsewhere. */
  readonly vkey?: string;
  /** File that says where to go on, and is kept up to date. */
  readonly resume?: string;
  readonly json?: boolean;
}

/** Entries after which the state is saved: a second's work. */
const SAVE_EVERY = 65_536;
const LISTED = 20;

/** A folder, or an archive, as a place logs are published at (打开发布处). */
export async function openTreeSource({
  dir,
  archive,
}: Pick<PublishedArgs, 'dir' | 'archive'>): Promise<TreeSource & { close(): Promise<void> }> {
  if (archive !== undefined) return openArchive(archive);
  return { ...treeDirectory(dir ?? ''), close: async () => undefined };
}

function isProgress(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { size, done, good, more, root, findings } = value as Record<string, unknown>;
  const areCounts = [size, done, good, more].every((n) => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0);
  return areCounts && typeof root === 'string' && Array.isArray(findings);
}

async function readResume(path: string): Promise<TreeResume | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  });
  if (text === undefined) return undefined;
  try {
    const state = JSON.parse(text) as TreeResume;
    if (state.v === 1 && Object.values(state.logs).every(isProgress)) return state;
  } catch {
    // Told below.
  }
  throw new ComplianceError('ZP_INPUT_INVALID', {
    detail: { zh: `${path} 不是续验状态`, en: `${path} is not the state of a verification` },
  });
}

async function verifyTree(args: PublishedArgs, against: string | undefined, io: Io): Promise<readonly TreeReport[]> {
  const { tenant, vkey, resume: path } = args;
  const resume = path === undefined ? undefined : await readResume(path);
  const source = await openTreeSource(args);
  const progress = createProgress(io);
  let saved = 0;
  try {
    const { logs } = await verifyTiles(source, {
      ...(tenant === undefined ? {} : { tenant }),
      ...(vkey === undefined ? {} : { vkey }),
      ...(against === undefined ? {} : { against }),
      ...(resume === undefined ? {} : { resume }),
      async onProgress(done, total, state) {
        progress.move(done, total);
        if (path === undefined || (done < total && done - saved < SAVE_EVERY)) return;
        saved = done;
        await writeAtomically(path, Buffer.from(`${JSON.stringify(state())}\n`));
      },
    });
    return logs;
  } finally {
    progress.stop();
    await source.close();
  }
}

async function* linesOf(path: string, io: Io): AsyncGenerator<string> {
  for await (const lines of readLines(readChunks(path, io.stdin))) {
    // A line that cannot be read is no JSON: the bundle is told of as edited, not the file as unreadable.
    for (const line of lines) yield 'error' in line ? '' : line.text;
  }
}

async function verifyFile(args: PublishedArgs, path: string, against: string | undefined, io: Io): Promise<readonly TreeReport[]> {
  const { tenant, vkey } = args;
  const progress = createProgress(io);
  try {
    const report = await verifyBundle(linesOf(path, io), {
      ...(vkey === undefined ? {} : { vkey }),
      ...(against === undefined ? {} : { against }),
      onProgress: progress.move,
    });
    if (tenant !== undefined && report.tenant !== tenant)
      throw new ComplianceError('ZP_NOT_FOUND', {
        detail: { zh: `该证据包不属于租户 ${tenant}`, en: `The bundle is not one of tenant ${tenant}` },
      });
    return [report];
  } finally {
    progress.stop();
  }
}

/** Verify a published log or a bundle, offline (离线校验). Ends with `broken` when anything is wrong. */
export async function verifyPublished(args: PublishedArgs, against: string | undefined, io: Io): Promise<ExitCode> {
  const logs = await (args.bundle === undefined ? verifyTree(args, against, io) : verifyFile(args, args.bundle, against, io));
  const ok = logs.every((log) => log.ok);
  const text = args.json ? `${JSON.stringify({ ok, logs }, undefined, 2)}\n` : logs.map(human).join('\n');
  await write(io.stdout, text).catch((error: unknown) => {
    // The verdict stands whether or not somebody read it to the end.
    if (!isBrokenPipe(error)) throw error;
  });
  return ok ? EXIT.ok : EXIT.broken;
}

function human(report: TreeReport): string {
  const { origin, ok, size, entriesChecked, recordsChecked, vkey, vkeySource, findings, more } = report;
  const lines = [
    `${plain(origin)}  ${ok ? '未见差错 / no fault found' : '证据有误 / BROKEN'}`,
    `  检查点 Checkpoint ${size}`,
    `  条目 Entries       ${entriesChecked}`,
  ];
  if (recordsChecked > 0) lines.push(`  记录 Records       ${recordsChecked}`);
  if (vkey === '') lines.push('  密钥 Key           无 / none');
  else if (vkeySource === 'given') lines.push(`  密钥 Key           ${plain(vkey)}（由 --vkey 给定 / given by --vkey）`);
  else {
    lines.push(
      `  密钥 Key           ${plain(vkey)}（随附 / came with the files）`,
      '  注意：随附的密钥只能证明文件前后一致，请以 --vkey 传入另行取得的密钥',
      '  Warning: a key that came along proves only that the files agree with each other; pass one you got elsewhere with --vkey',
    );
  }
  for (const finding of findings.slice(0, LISTED))
    lines.push(`  ${place(finding)}: ${plain(finding.detail.zh)} / ${plain(finding.detail.en)}`);
  const left = Math.max(0, findings.length - LISTED) + more;
  if (left > 0) lines.push(`  另有 ${left} 处差错（--json 列出更多） / ${left} more faults (--json lists more)`);
  return `${lines.join('\n')}\n`;
}

function place({ kind, index, path }: TreeFinding): string {
  return plain(
    [kind, index === undefined ? '' : `条目 entry ${index}`, path === undefined ? '' : `(${path})`].filter((part) => part !== '').join(' '),
  );
}
