import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { createCosigner, systemClock } from '@zhengpin/core';

import { openRecord } from './record.ts';
import { witnessListener } from './witness.ts';

interface Config {
  readonly name: string;
  readonly logs: Readonly<Record<string, readonly string[]>>;
}

const USAGE = `npm run witness -- init DIR --name witness.example/w1 --log ORIGIN=VKEY [--log …]
npm run witness -- serve DIR [--port 3400] [--host 127.0.0.1]`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string' },
    log: { type: 'string', multiple: true, default: [] },
    port: { type: 'string', default: '3400' },
    host: { type: 'string', default: '127.0.0.1' },
  },
});
const [verb, dir] = positionals;

function init(folder: string, name: string): void {
  const logs: Record<string, string[]> = {};
  for (const log of values.log) {
    const cut = log.indexOf('=');
    if (cut <= 0) throw new Error(USAGE);
    (logs[log.slice(0, cut)] ??= []).push(log.slice(cut + 1));
  }
  mkdirSync(folder, { recursive: true });
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const cosigner = createCosigner(name, key);
  openRecord(join(folder, 'witness.db'), true).close();
  writeFileSync(join(folder, 'witness.key'), key, { mode: 0o600, flag: 'wx' });
  writeFileSync(join(folder, 'witness.json'), `${JSON.stringify({ name, logs } satisfies Config, undefined, 2)}\n`);
  console.log(cosigner.vkey);
}

function serve(folder: string): void {
  const { name, logs } = JSON.parse(readFileSync(join(folder, 'witness.json'), 'utf8')) as Config;
  const cosigner = createCosigner(name, readFileSync(join(folder, 'witness.key'), 'utf8'));
  const record = openRecord(join(folder, 'witness.db'), false);
  const server = createServer(witnessListener({ cosigner, record, logs, clock: systemClock }));
  server.listen(Number(values.port), values.host, () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : values.port;
    console.log(`${cosigner.vkey}\nhttp://${values.host}:${port}/add-checkpoint`);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close(() => record.close()));
}

if (verb === 'init' && dir !== undefined && values.name !== undefined) init(dir, values.name);
else if (verb === 'serve' && dir !== undefined) serve(dir);
else {
  console.error(USAGE);
  process.exitCode = 1;
}
