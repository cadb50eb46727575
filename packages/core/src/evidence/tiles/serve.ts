import type { Store } from '../../kernel/store.ts';
import { readHead } from '../verify/heads.ts';
import { parseTilePath } from './paths.ts';
import { readTile } from './rows.ts';

/** A file of a log in its published form (日志文件). */
export interface TreeFile {
  readonly bytes: Uint8Array;
  /** `text` is UTF-8; `tile` never changes under its path. */
  readonly kind: 'text' | 'tile';
}

/**
 * What `publishTiles` would have written under this path of a log, made from the rows (按路径取日志文件): `checkpoint`, `vkeys`
 * or a tile of any width up to what is signed.
 * @returns `undefined` for anything else
 */
export async function readTreeFile(store: Store, tenant: string, path: string): Promise<TreeFile | undefined> {
  const tile = parseTilePath(path);
  if (tile === undefined && path !== 'checkpoint' && path !== 'vkeys') return undefined;
  const head = await readHead(store, tenant);
  if (head.state === 'absent') return undefined;
  if (path === 'checkpoint') return { bytes: Buffer.from(head.note), kind: 'text' };
  if (tile === undefined) return { bytes: Buffer.from(`${head.vkeys.join('\n')}\n`), kind: 'text' };
  const bytes = await readTile(store, tenant, tile, head.size);
  return bytes && { bytes, kind: 'tile' };
}
