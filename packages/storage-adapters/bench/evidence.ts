/**
 * Speed of durable evidence (证据写入速度): `npm run bench -- evidence`. Each database that answers is measured from both
 * sides in one run: decisions through the kit, and rows of the same bytes appended as plainly as its driver can. The two
 * take turns; only their ratios mean something.
 */
import { hash } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';
import { performance } from 'node:perf_hooks';

import { createExecute, createLog, createSigner, systemClock, verifyEvidence } from '@zhengpin/core';
import type { Actor, Execute, Store } from '@zhengpin/core';

import { memoryStore } from '../src/memory.ts';
import { subjects } from './subjects.ts';
import type { Subject } from './subjects.ts';

const CALLERS = [1, 16, 64, 256] as const;
const TURNS = 3;
const TURN_MS = 1500;
const FEW_MS = 800;
const ACTOR: Actor = { id: 'reviewer', tenant: 'main', role: 'reviewer' };
/** Brings a record and its entry together to about the bytes of a plain row. */
const FILL = 'x'.repeat(120);
const PLAIN = 'x'.repeat(520);
const MOST_ROWS = 256;

const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const signer = createSigner('bench.example', privateKeyPem);
let ids = 0;

interface Rate {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

function print(name: string, ...values: readonly string[]): void {
  process.stdout.write(`${name.padEnd(28)}${values.map((value) => value.padEnd(26)).join('')}\n`);
}

/** As many callers as asked, each with its next call as soon as the last was answered. */
async function run(callers: number, forMs: number, call: () => Promise<unknown>): Promise<Rate> {
  const times: number[] = [];
  const until = performance.now() + forMs;
  const from = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < until) {
        const at = performance.now();
        await call();
        times.push(performance.now() - at);
      }
    }),
  );
  const seconds = (performance.now() - from) / 1000;
  times.sort((a, b) => a - b);
  return { perSecond: times.length / seconds, p50: times[times.length >> 1] ?? 0, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

function decide(execute: Execute): Promise<unknown> {
  const id = `p${++ids}`;
  return execute({
    actor: ACTOR,
    load: () => Promise.resolve(undefined),
    decide: () => ({
      drafts: [
        {
          kind: 'posting.approved',
          subject: { collection: 'postings', id },
          facts: { verdict: 'approve' },
          changes: [{ collection: 'decisions', id, expectedVersion: 0, body: { tenant: 'main', fill: FILL } }],
        },
      ],
      result: { id },
    }),
  });
}

/** Callers that arrive together share one plain append: what the database itself can do for a group commit. */
function groupAppend(subject: Subject): () => Promise<void> {
  let waiting: { readonly row: readonly [string, string]; readonly done: () => void }[] = [];
  let isBusy = false;
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_ROWS);
      waiting = waiting.slice(MOST_ROWS);
      await subject.append(batch.map(({ row }) => row));
      for (const { done } of batch) done();
    }
    isBusy = false;
  };
  return () =>
    new Promise((done) => {
      waiting.push({ row: [`r${++ids}`, PLAIN], done });
      if (isBusy) return;
      isBusy = true;
      setImmediate(() => void drain());
    });
}

function median(rates: readonly Rate[]): Rate {
  return rates.toSorted((a, b) => a.perSecond - b.perSecond)[rates.length >> 1] ?? { perSecond: 0, p50: 0, p99: 0 };
}

async function turns(sides: readonly (() => Promise<Rate>)[]): Promise<readonly Rate[]> {
  const rates: Rate[][] = sides.map(() => []);
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const [i, side] of sides.entries()) {
      const rate = await side();
      // The first turn warms up.
      if (turn > 0) rates[i]?.push(rate);
    }
  }
  return rates.map(median);
}

async function benchSubject(subject: Subject): Promise<void> {
  const { store, append, chain } = subject;
  const execute = createExecute({ store, log: createLog(store, signer), clock: systemClock, newId: () => `e${++ids}` });
  const group = groupAppend(subject);
  const single = (): Promise<void> => append([[`s${++ids}`, PLAIN]]);
  print(`\n${subject.name}`, 'kit', 'raw group commit', 'kit : raw', 'kit : single commit');
  for (const callers of CALLERS) {
    const [one, raw, kit] = await turns([
      () => run(1, FEW_MS, single),
      () => run(callers, TURN_MS, group),
      () => run(callers, TURN_MS, () => decide(execute)),
    ]);
    if (!one || !raw || !kit) continue;
    print(
      `  ${callers} callers`,
      `${kit.perSecond.toFixed(0)}/s p50 ${kit.p50.toFixed(2)} p99 ${kit.p99.toFixed(1)} ms`,
      `${raw.perSecond.toFixed(0)}/s`,
      (kit.perSecond / raw.perSecond).toFixed(2),
      `${(kit.perSecond / one.perSecond).toFixed(1)}${callers === 1 ? `, latency ${(kit.p50 / one.p50).toFixed(2)} of it` : ''}`,
    );
    if (callers === 64 && chain) {
      const naive = await run(callers, TURN_MS, () => chain(`c${++ids}`, PLAIN));
      print('  naive hash chain', `${naive.perSecond.toFixed(0)}/s`, '', `kit : chain ${(kit.perSecond / naive.perSecond).toFixed(1)}`);
    }
  }
  await benchVerify(store);
}

/** Full verification beside the bare hashing of the same entries. */
async function benchVerify(store: Store): Promise<void> {
  const from = performance.now();
  const { ok, tenants } = await verifyEvidence(store, { vkey: signer.vkey });
  const seconds = (performance.now() - from) / 1000;
  const size = tenants[0]?.size ?? 0;
  const bytes: string[] = [];
  for (const { body } of (await store.find('evidence', { limit: 1000 })).records) bytes.push(JSON.stringify(body['entry']));
  const hashing = performance.now();
  let hashed = 0;
  while (performance.now() - hashing < FEW_MS) for (const text of bytes) hashed += hash('sha256', text, 'buffer').length / 32;
  const perSecond = hashed / ((performance.now() - hashing) / 1000);
  print(
    '  verify',
    `${(size / seconds).toFixed(0)} entries/s, ok ${ok}`,
    `sha256 ${perSecond.toFixed(0)}/s`,
    (size / seconds / perSecond).toFixed(3),
    `${size} entries with records`,
  );
  if (!ok) process.exitCode = 1;
}

/** Proofs stay logarithmic: their length and the time to make one at growing sizes. */
async function benchProofs(sizes: readonly number[]): Promise<void> {
  print('\nProofs (memory)', 'hashes', 'inclusion', 'consistency from half', 'append at this size');
  const store = memoryStore();
  const log = createLog(store, signer);
  const execute = createExecute({ store, log, clock: systemClock, newId: () => `e${++ids}` });
  let written = 0;
  for (const size of sizes) {
    const from = performance.now();
    const before = written;
    while (written < size) {
      const count = Math.min(4000, size - written);
      await Promise.all(Array.from({ length: count }, () => decide(execute)));
      written += count;
    }
    const appendPerSecond = (size - before) / ((performance.now() - from) / 1000);
    const { proof } = await log.inclusion('main', Math.floor(size / 3));
    const inclusion = await run(1, FEW_MS, () => log.inclusion('main', Math.floor(Math.random() * size)));
    const consistency = await run(1, FEW_MS, () => log.consistency('main', Math.floor(size / 2)));
    print(
      `  ${size}`,
      String(proof.length),
      `${inclusion.p50.toFixed(3)} ms`,
      `${consistency.p50.toFixed(3)} ms`,
      `${appendPerSecond.toFixed(0)}/s`,
    );
  }
  await store.close();
}

for (const subject of await subjects()) {
  await benchSubject(subject);
  await subject.close();
}
await benchProofs([1000, 10_000, 100_000]);
