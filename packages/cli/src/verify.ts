import { ComplianceError, verifyEvidence } from '@zhengpin/core';
import type { Fault, TenantReport } from '@zhengpin/core';

import { readCheckpoint } from './checkpoint-file.ts';
import { EXIT, invalid, isBrokenPipe, plain, write } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { readKept } from './kept-checkpoints.ts';
import { createProgress } from './progress.ts';
import { openStore } from './store-url.ts';
import { verifyPublished } from './verify-published.ts';
import type { PublishedArgs } from './verify-published.ts';

export interface VerifyArgs extends PublishedArgs {
  /** `sqlite:PATH`, a bare path, `postgres://…` or `mysql://…`. */
  readonly store?: string;
  /** Signed checkpoints kept outside the store: a file; for a store also a folder of them, or an archive URL. */
  readonly against?: string;
  /** Verifier keys of witnesses whose signature each of those must carry. */
  readonly witness?: readonly string[];
}

/** Faults named one by one for people; the report in JSON has more. */
const LISTED = 20;

/** Exactly one thing is verified. @throws ZP_OPTION_INVALID */
function checkArgs({ store, dir, archive, bundle, resume }: VerifyArgs): void {
  const given = [store, dir, archive, bundle].filter((one) => one !== undefined).length;
  if (given !== 1) throw invalid('须给出 --store、--dir、--archive、--bundle 之一', 'Give one of --store, --dir, --archive and --bundle');
  if (resume !== undefined && dir === undefined && archive === undefined)
    throw invalid('--resume 仅用于 --dir 与 --archive', '--resume goes with --dir and --archive');
}

/**
 * Check the evidence log of a store, opened read-only, or a published log or bundle, offline (证据校验). Ends with `broken`
 * when anything is wrong.
 * @throws ZP_OPTION_INVALID for the URL, tenant or key; ZP_INPUT_INVALID where no checkpoint is found; ZP_NOT_FOUND
 * when the file or folder is not there; ZP_STORE_UNAVAILABLE when the store cannot be opened or read
 */
export async function verifyCommand(args: VerifyArgs, io: Io): Promise<ExitCode> {
  const { tenant } = args;
  checkArgs(args);
  // A key is often pasted out of a file, with its line end.
  const vkey = args.vkey?.trim();
  if (tenant === '')
    throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: '--tenant 不得为空', en: '--tenant must not be empty' } });
  if (args.store === undefined) {
    if (args.witness !== undefined) throw invalid('--witness 仅用于 --store', '--witness goes with --store');
    const note = args.against === undefined ? undefined : await readCheckpoint(args.against);
    return verifyPublished({ ...args, ...(vkey === undefined ? {} : { vkey }) }, note, io);
  }
  const against = args.against === undefined ? undefined : await readKept(args.against);
  const witnesses = args.witness?.map((key) => key.trim());
  if (witnesses !== undefined && against === undefined) throw invalid('--witness 须与 --against 并用', '--witness goes with --against');
  const store = await openStore(args.store);
  const progress = createProgress(io);
  try {
    const { ok, tenants } = await verifyEvidence(store, {
      ...(tenant === undefined ? {} : { tenant }),
      ...(vkey === undefined ? {} : { vkey }),
      ...(against === undefined ? {} : { against }),
      ...(witnesses === undefined ? {} : { witnesses }),
      onProgress: progress.move,
    });
    progress.stop();
    const text = args.json ? `${JSON.stringify({ ok, tenants }, undefined, 2)}\n` : human(tenants);
    await write(io.stdout, text).catch((error: unknown) => {
      // The verdict stands whether or not somebody read it to the end.
      if (!isBrokenPipe(error)) throw error;
    });
    return ok ? EXIT.ok : EXIT.broken;
  } finally {
    progress.stop();
    await store.close();
  }
}

function human(tenants: readonly TenantReport[]): string {
  if (tenants.length === 0) return '该存储中没有日志，未作任何校验 / This store has no log: nothing was verified\n';
  return tenants.map(tenantText).join('\n');
}

function tenantText(report: TenantReport): string {
  const { size, recordsChecked, recordsUnproven, checkpointsChecked, checkpointsUnproven } = report;
  const unproven = (count: number): string => (count > 0 ? `（另有 ${count} 无法证明 / ${count} more unproven）` : '');
  const lines = [
    `${plain(report.tenant)}  ${report.ok ? '未见差错 / no fault found' : '证据有误 / BROKEN'}`,
    `  条目 Entries       ${size}`,
    `  记录 Records       ${recordsChecked}${unproven(recordsUnproven)}`,
    `  检查点 Checkpoints ${checkpointsChecked}${unproven(checkpointsUnproven)}`,
  ];
  if (report.keptChecked > 0) lines.push(`  外存检查点 Outside ${report.keptChecked} 个相符 / agree`);
  if (report.waiting > 0) lines.push(`  待定序 Waiting     ${report.waiting}（尚无签名 / not signed for yet）`);
  if (report.vkeySource === 'given') lines.push(`  密钥 Key           ${plain(report.vkey)}（由 --vkey 给定 / given by --vkey）`);
  else if (report.vkey === '') lines.push('  密钥 Key           无 / none');
  else {
    lines.push(
      `  密钥 Key           ${plain(report.vkey)}（由该存储自报 / declared by the store itself）`,
      '  注意：自报的密钥只能证明存储前后一致，请以 --vkey 传入另行保管的密钥',
      '  Warning: a key from the store proves only that the store agrees with itself; pass a key kept elsewhere with --vkey',
    );
  }
  const [first, ...rest] = report.faults;
  if (first)
    lines.push(`  首个差错 First fault: ${place(first)} ${first.kind}`, `    ${plain(first.detail.zh)}`, `    ${plain(first.detail.en)}`);
  for (const fault of rest.slice(0, LISTED))
    lines.push(`  ${place(fault)} ${fault.kind}: ${plain(fault.detail.zh)} / ${plain(fault.detail.en)}`);
  const left = Math.max(0, rest.length - LISTED) + report.more;
  if (left > 0) lines.push(`  另有 ${left} 处差错（--json 列出更多） / ${left} more faults (--json lists more)`);
  return `${lines.join('\n')}\n`;
}

function place({ seq, entry, record }: Fault): string {
  const where = [
    seq === undefined ? undefined : `条目 entry ${seq}`,
    entry === undefined ? undefined : `(${entry})`,
    record === undefined ? undefined : `记录 record ${record.collection}/${record.id}`,
  ].filter((part) => part !== undefined);
  return where.length === 0 ? '整个日志 whole log' : plain(where.join(' '));
}
