import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';

import { createExecute, createLog, createSigner, createTestClock } from '@zhengpin/core';
import { sqliteStore } from '@zhengpin/storage-adapters/sqlite';

import type { Io } from '../src/io.ts';

/** A day on which the national pack is in force and no calendar duty is due. */
const NOON = '2026-11-10T04:00:00.000Z';

export interface World {
  readonly io: Io;
  out(): string;
  err(): string;
  /** Standard output as JSON Lines. */
  lines(): readonly unknown[];
}

function collector(): { readonly stream: Writable; text(): string } {
  const parts: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      parts.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(parts).toString('utf8') };
}

export function world(input: string | Buffer | Readable = '', at: string = NOON): World {
  const [out, err] = [collector(), collector()];
  const stdin = input instanceof Readable ? input : new PassThrough().end(input);
  return {
    io: { stdin, stdout: out.stream, stderr: err.stream, isTTY: false, clock: createTestClock(at) },
    out: out.text,
    err: err.text,
    lines: () =>
      out
        .text()
        .split('\n')
        .filter((line) => line !== '')
        .map((line): unknown => JSON.parse(line)),
  };
}

export function temporary(): string {
  return mkdtempSync(join(tmpdir(), 'zp-cli-'));
}

export interface Built {
  readonly path: string;
  readonly vkey: string;
  /** Signed checkpoint of all entries. */
  readonly checkpoint: string;
}

/** A fresh signing key. */
export function pem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** A store to write to again, or signed by a key of the test's. */
interface More {
  readonly path?: string;
  readonly key?: string;
  /** Number of the first record. */
  readonly from?: number;
}

/** A store of one tenant with that many records and as many entries. */
export async function buildStore(count: number, tenant = 'main', more: More = {}): Promise<Built> {
  const { path = join(temporary(), 'store.db'), key = pem(), from = 0 } = more;
  const store = sqliteStore({ path });
  const log = createLog(store, createSigner('jobs.example', key));
  let ids = 0;
  const execute = createExecute({ store, log, clock: createTestClock(NOON), newId: () => `e${++ids}` });
  await Promise.all(
    Array.from({ length: count }, (_, n) => n + from).map((i) =>
      execute({
        actor: { id: 'r', tenant, role: 'reviewer' },
        load: async () => undefined,
        decide: () => {
          const change = { collection: 'postings', id: `${tenant}-p${i}`, expectedVersion: 0, body: { tenant, i } };
          return {
            drafts: [{ kind: 'made', subject: { collection: 'postings', id: `${tenant}-p${i}` }, facts: { i }, changes: [change] }],
            result: {},
          };
        },
      }),
    ),
  );
  const { checkpoint } = await log.head(tenant);
  await log.release();
  await store.close();
  return { path, vkey: log.vkey, checkpoint };
}
