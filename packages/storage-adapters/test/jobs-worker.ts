/** One replica of a fleet that does nothing but its jobs, on a clock that runs fast (定时任务进程). */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { createCompliance } from '@zhengpin/core';

import { postgresStore } from '../src/postgres.ts';

const [url = '', schema = '', key = '', began = '', start = '', speed = ''] = process.argv.slice(2);
const compliance = createCompliance({
  store: postgresStore({ url, schema, maxConnections: 3 }),
  signing: { name: 'fleet.example', privateKeyPem: readFileSync(key, 'utf8') },
  identity: { keys: { jwks: { keys: [] } }, issuer: 'none', audience: 'none', algorithms: ['EdDSA'] },
  clock: { now: () => Math.floor(Date.parse(start) + (Date.now() - Number(began)) * Number(speed)) },
});
process.stdout.write('ready\n');
for (;;) {
  // A conflict or a database that was busy: the next look finds what is due.
  await compliance.runDue({ id: 'operator', tenant: 'main', role: 'operator' }, ['expire-postings']).catch(() => undefined);
  await sleep(5);
}
