import { unavailable } from '../archive-marks.ts';
import type { Bucket, Version } from './bucket.ts';

export interface VersionRange {
  /** Only keys behind this one. */
  readonly after?: string;
  /** Versions a call; the order and number of those given do not depend on it. */
  readonly pageSize: number;
  /** Begin of keys that nobody wants: passed over in one step. */
  readonly passOver?: string;
}

/**
 * All versions of keys with that prefix, by key, newest first (版本遍历). Servers differ in whether the key that a page
 * starts behind comes once more, so every version already given is dropped, and a page with nothing new is an error
 * instead of a loop.
 */
export async function* versionsOf(bucket: Bucket, prefix: string, { after, pageSize, passOver }: VersionRange): AsyncGenerator<Version> {
  let from: { readonly after?: string; readonly version?: string } = after === undefined ? {} : { after };
  let given = new Set<string>();
  for (;;) {
    const page = await bucket.versions(prefix, { ...from, limit: pageSize });
    const seen = given;
    const ids = page.versions.map(({ key, id }) => `${key}?${id}`);
    given = new Set(ids);
    for (const [i, version] of page.versions.entries()) {
      if (!seen.has(ids[i] ?? '') && (after === undefined || version.key > after)) yield version;
    }
    if (page.next === undefined) return;
    const inCorner = passOver !== undefined && page.next.after.startsWith(passOver);
    const next = inCorner ? { after: `${passOver}~` } : page.next;
    if (next.after === from.after && next.version === from.version)
      throw unavailable('对象存储的列表不再前进', 'The object store lists the same page again');
    from = next;
  }
}
