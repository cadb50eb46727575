/** Applies an approved plan in a process of its own, to be killed in the middle of it (处置进程). */
import { readFileSync } from 'node:fs';

import { createCompliance, createTestClock } from '@zhengpin/core';

import { sqliteStore } from '../src/sqlite.ts';

const [path = '', key = '', at = '', plan = ''] = process.argv.slice(2);
const compliance = createCompliance({
  store: sqliteStore({ path }),
  signing: { name: 'crash.example', privateKeyPem: readFileSync(key, 'utf8') },
  identity: { keys: { jwks: { keys: [] } }, issuer: 'none', audience: 'none', algorithms: ['EdDSA'] },
  clock: createTestClock(at),
});
process.stdout.write('begun\n');
const pass = await compliance.applyDisposal({ id: 'operator', tenant: 'main', role: 'operator' }, plan);
process.stdout.write(`${JSON.stringify(pass)}\n`);
await compliance.close();
