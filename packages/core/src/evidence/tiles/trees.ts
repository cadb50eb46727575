import { isArchiveKey } from '../../kernel/archive.ts';
import type { Archive } from '../../kernel/archive.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import type { Hash } from '../merkle.ts';
import { openCheckpoint } from '../note.ts';
import { isSeq, parseHash } from '../verify/values.ts';

/** Where published logs are read from (瓦片来源): an archive, or anything with these two of its methods. */
export type TreeSource = Pick<Archive, 'get' | 'list'>;
/** Where logs are published to (瓦片去处). */
export type TreeTarget = Pick<Archive, 'get' | 'put' | 'replace'>;

/** A checkpoint whose signature holds, and whose origin fits its key. */
export interface SignedTree {
  readonly origin: string;
  readonly tenant: string;
  readonly size: number;
  readonly root: Hash;
  readonly note: string;
  /** The verifier key it opened with. */
  readonly vkey: string;
}

/** A published log: all its paths begin with `prefix`. */
export interface PublishedTree {
  readonly tenant: string;
  /** The log's origin and a slash; empty for a folder that holds one log and nothing else. */
  readonly prefix: string;
}

const NAMES = 'logs/';
const VKEY = /^[^\s+]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/u;

export function isVkey(text: string): boolean {
  return VKEY.test(text);
}

/** The name of the file that says where a tenant's log is. */
export function nameOfLog(tenant: string): string {
  return `${NAMES}${tenant}`;
}

/** Open a note as the checkpoint of a log, by any of these keys; `undefined` when none signed it. */
export function openTree(note: string, vkeys: readonly string[]): SignedTree | undefined {
  for (const vkey of vkeys.filter(isVkey)) {
    const opened = openCheckpoint(note, vkey);
    const root = parseHash(opened?.root);
    if (opened === undefined || root === undefined || !isSeq(opened.size)) continue;
    const name = vkey.slice(0, vkey.indexOf('+'));
    const tenant = opened.origin.slice(name.length + 1);
    if (opened.origin !== `${name}/${tenant}` || tenant === '' || tenant.includes('/')) continue;
    return { origin: opened.origin, tenant, size: opened.size, root, note, vkey };
  }
  return undefined;
}

export function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}

/** The keys a log declares beside its tree: they prove no more than that it agrees with itself. */
export async function declaredKeys(source: Pick<TreeSource, 'get'>, prefix: string): Promise<readonly string[]> {
  const text = textOf(await source.get(`${prefix}vkeys`)) ?? '';
  return text.split('\n').filter(isVkey);
}

function noLog(tenant: string | undefined): ComplianceError {
  const detail =
    tenant === undefined
      ? { zh: '此处没有已发布的日志', en: 'No log is published here' }
      : { zh: `此处没有租户 ${tenant} 的日志`, en: `No log of tenant ${tenant} is published here` };
  return new ComplianceError('ZP_NOT_FOUND', { detail });
}

async function namedTree(source: TreeSource, tenant: string): Promise<PublishedTree> {
  const origin = textOf(await source.get(nameOfLog(tenant)))?.trim();
  if (origin === undefined) throw noLog(tenant);
  if (!isArchiveKey(`${origin}/checkpoint`) || !origin.endsWith(`/${tenant}`)) {
    throw new ComplianceError('ZP_EVIDENCE_BROKEN', {
      detail: { zh: `${nameOfLog(tenant)} 无法读取`, en: `${nameOfLog(tenant)} is not readable` },
    });
  }
  return { tenant, prefix: `${origin}/` };
}

/**
 * The logs published at a place (列出已发布的日志).
 * @throws ZP_NOT_FOUND when there is none, or none of this tenant
 */
export async function treesIn(source: TreeSource, tenant?: string): Promise<readonly PublishedTree[]> {
  if (tenant !== undefined && isArchiveKey(nameOfLog(tenant)) && (await source.get(nameOfLog(tenant))) !== undefined)
    return [await namedTree(source, tenant)];
  const trees: PublishedTree[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await source.list(NAMES, cursor === undefined ? {} : { cursor });
    for (const { key } of page.entries) {
      const name = key.slice(NAMES.length);
      if (!name.includes('/')) trees.push(await namedTree(source, name));
    }
    if (page.cursor === undefined) break;
    cursor = page.cursor;
  }
  // A folder that somebody was handed, with one log in it.
  const single = textOf(await source.get('checkpoint'))?.split('\n')[0];
  if (single !== undefined) trees.push({ tenant: single.slice(single.lastIndexOf('/') + 1), prefix: '' });
  const wanted = trees.filter((tree) => tenant === undefined || tree.tenant === tenant);
  if (wanted.length === 0) throw noLog(tenant);
  return wanted;
}
