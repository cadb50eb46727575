import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the reference server keeps its data: `DATA_DIR`, by default `.data` beside the example. */
export function paths(): {
  readonly dir: string;
  readonly store: string;
  readonly key: string;
  readonly keyring: string;
  readonly tokens: string;
  readonly archive: string;
  readonly display: string;
} {
  const dir = process.env['DATA_DIR'] ?? fileURLToPath(new URL('../.data', import.meta.url));
  return {
    dir,
    store: join(dir, 'board.db'),
    key: join(dir, 'signing-key.pem'),
    keyring: join(dir, 'keyring.json'),
    tokens: join(dir, 'tokens.json'),
    archive: join(dir, 'archive'),
    display: join(dir, 'display.json'),
  };
}
