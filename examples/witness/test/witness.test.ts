import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  createCosigner,
  createExecute,
  createLog,
  createSigner,
  createTestClock,
  openCosignature,
  startPublisher,
  verifyEvidence,
  witnessAnchor,
} from '@zhengpin/core';
import type { Publisher, Store } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import { afterEach, describe, expect, it } from 'vitest';

import { openRecord } from '../src/record.ts';
import { addCheckpoint, witnessListener } from '../src/witness.ts';
import type { Witness } from '../src/witness.ts';

const pem = (): string => generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const clock = createTestClock('2026-11-25T00:00:00.000Z');
const signer = createSigner('jobs.example', pem());
const ORIGIN = 'jobs.example/main';
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A log with a way to add entries; `salt` makes its entries other than those of another. */
function makeLog(store: Store, salt: string) {
  let ids = 0;
  const execute = createExecute({ store, log: createLog(store, signer), clock, newId: () => `${salt}${++ids}` });
  return async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const id = `${salt}-${ids}`;
      const change = { collection: 'postings', id, expectedVersion: 0, body: { tenant: 'main' } };
      await execute({
        actor: { id: 'r', tenant: 'main', role: 'reviewer' },
        load: async () => undefined,
        decide: () => ({ drafts: [{ kind: 'made', subject: { collection: 'postings', id }, facts: {}, changes: [change] }], result: {} }),
      });
    }
  };
}

function makeWitness(): Witness {
  const record = openRecord(join(mkdtempSync(join(tmpdir(), 'zp-witness-')), 'witness.db'), true);
  closing.push(() => record.close());
  return { cosigner: createCosigner('witness.example/w1', pem()), record, logs: { [ORIGIN]: [signer.vkey] }, clock };
}

async function listen(witness: Witness): Promise<string> {
  const server: Server = createServer(witnessListener(witness));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

function publish(store: Store, url: string, vkey: string, warnings: string[] = []): Publisher {
  const publisher = startPublisher(
    {
      to: [witnessAnchor({ url, vkey, name: 'witness' })],
      warn: (_tenant, _anchor, { code, detail }) => warnings.push(`${code} ${detail.en}`),
    },
    { store, clock, retriesMs: [] },
  );
  closing.push(() => publisher.stop());
  return publisher;
}

async function noteAt(store: Store, size: number): Promise<string> {
  return String((await store.get('checkpoints', `main/${String(size).padStart(12, '0')}`))?.body['note']);
}

async function proof(store: Store, first: number): Promise<readonly string[]> {
  return (await createLog(store, signer).consistency('main', first)).proof;
}

function request(old: number, lines: readonly string[], note: string): string {
  return `old ${old}\n${lines.map((line) => `${line}\n`).join('')}\n${note}`;
}

describe('a witness and the anchor that publishes to it', () => {
  it('cosigns each checkpoint that continues the last, and the log keeps the signature', async () => {
    const [store, witness] = [memoryStore(), makeWitness()];
    const add = makeLog(store, 'a');
    const { turn } = publish(store, await listen(witness), witness.cosigner.vkey);
    for (const size of [3, 4, 9, 70]) {
      await add(size - witness.record.seen(ORIGIN).size);
      await turn();
      expect(witness.record.seen(ORIGIN).size).toBe(size);
      expect(openCosignature(await noteAt(store, size), witness.cosigner.vkey)?.time).toBe(clock.now() / 1000);
    }
    const kept = await noteAt(store, 70);
    const report = await verifyEvidence(store, { vkey: signer.vkey, against: [{ note: kept }], witnesses: [witness.cosigner.vkey] });
    expect(report).toMatchObject({ ok: true, tenants: [{ keptChecked: 1 }] });
  });

  it('goes on from the size the witness says when the store has forgotten how far it was', async () => {
    const [store, witness] = [memoryStore(), makeWitness()];
    const add = makeLog(store, 'a');
    const url = await listen(witness);
    await add(5);
    await publish(store, url, witness.cosigner.vkey).stop();
    const row = await store.get('anchors', 'main/witness');
    await store.commit([{ collection: 'anchors', id: 'main/witness', expectedVersion: row?.version ?? 0 }]);
    await add(6);
    await publish(store, url, witness.cosigner.vkey).stop();
    expect(witness.record.seen(ORIGIN).size).toBe(11);
    expect(openCosignature(await noteAt(store, 11), witness.cosigner.vkey)).toBeDefined();
  });

  it('names a fork and a roll-back, and keeps what shows them', async () => {
    const witness = makeWitness();
    const url = await listen(witness);
    const first = memoryStore();
    await makeLog(first, 'a')(8);
    await publish(first, url, witness.cosigner.vkey).stop();
    for (const [size, told] of [
      [8, /first 8 entries .* rewritten or forked/],
      [12, /first 8 entries .* rewritten or forked/],
      [6, /holds a checkpoint of 8 entries and the log has 6: .*rolled back/],
    ] as const) {
      const other = memoryStore();
      const warnings: string[] = [];
      await makeLog(other, 'b')(size);
      await publish(other, url, witness.cosigner.vkey, warnings).stop();
      expect(warnings).toEqual([expect.stringMatching(/^ZP_ANCHOR_CONTRADICTS /)]);
      expect(warnings[0]).toMatch(told);
    }
    expect(witness.record.seen(ORIGIN).size).toBe(8);
    // The roll-back left nothing to show: its signed checkpoint never got here.
    expect(await (await fetch(url)).text()).toContain(`${ORIGIN} 8 entries, 2 contradictions\n`);
  });

  it('is told by its key: the word of another witness is refused', async () => {
    const [store, witness] = [memoryStore(), makeWitness()];
    const warnings: string[] = [];
    await makeLog(store, 'a')(2);
    await publish(store, await listen(witness), createCosigner('witness.example/w1', pem()).vkey, warnings).stop();
    expect(warnings).toEqual([expect.stringMatching(/^ZP_ANCHOR_REFUSED .*no valid signature/)]);
    expect(openCosignature(await noteAt(store, 2), witness.cosigner.vkey)).toBeUndefined();
  });
});

describe('add-checkpoint', () => {
  it('answers as tlog-witness says', async () => {
    const [store, fork, witness] = [memoryStore(), memoryStore(), makeWitness()];
    const add = makeLog(store, 'a');
    await add(4);
    await makeLog(fork, 'b')(9);
    const [note4, fork4] = [await noteAt(store, 4), await noteAt(fork, 4)];
    const status = (body: string): number => addCheckpoint(witness, body).status;
    expect(status(request(0, [], note4.replace(ORIGIN, 'jobs.example/else')))).toBe(404);
    expect(status(request(0, [], createSigner('jobs.example', pem()).sign({ origin: ORIGIN, size: 4, root: 'x' })))).toBe(403);
    expect(status(request(5, [], note4))).toBe(400);
    for (const wrong of ['', 'old 0', `old 00\n\n${note4}`, `old\n\n${note4}`, `old 0\nno hash\n\n${note4}`])
      expect(status(wrong)).toBe(400);
    expect(status(request(0, [Buffer.alloc(32).toString('base64')], note4))).toBe(422);
    expect(addCheckpoint(witness, request(3, [], note4))).toEqual({ status: 409, contentType: 'text/x.tlog.size', body: '0\n' });
    expect(status(request(0, [], note4))).toBe(200);
    expect(addCheckpoint(witness, request(0, [], note4))).toMatchObject({ status: 409, body: '4\n' });
    expect(status(request(4, [], note4))).toBe(200);
    expect(status(request(4, [], fork4))).toBe(409);
    expect(status(request(4, await proof(fork, 4), await noteAt(fork, 9)))).toBe(422);
    await add(5);
    expect(status(request(4, (await proof(store, 4)).slice(1), await noteAt(store, 9)))).toBe(422);
    expect(status(request(4, await proof(store, 4), await noteAt(store, 9)))).toBe(200);
    expect(addCheckpoint(witness, request(4, [], note4))).toMatchObject({ status: 409, body: '9\n' });
  });

  it('moves on only once when two continue the same state', () => {
    const { record } = makeWitness();
    const empty = record.seen('o');
    expect(record.advance('o', empty, { size: 1, root: 'r' }, 'n')).toBe(true);
    expect(record.advance('o', empty, { size: 2, root: 's' }, 'n')).toBe(false);
    expect(record.seen('o')).toEqual({ size: 1, root: 'r' });
  });
});

describe('the program', () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const start = (...args: readonly string[]): ChildProcess =>
    spawn(process.execPath, ['--conditions=@zhengpin/source', 'src/main.ts', ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  async function printed(child: ChildProcess, until: RegExp): Promise<string> {
    let text = '';
    for await (const part of child.stdout ?? []) if (until.test((text += String(part)))) break;
    return text;
  }
  async function serve(dir: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
    const child = start('serve', dir, '--port', '0');
    closing.push(() => child.kill('SIGKILL'));
    const url = /(http:\S+)\/add-checkpoint/.exec(await printed(child, /add-checkpoint\n/))?.[1] ?? '';
    return { child, url };
  }

  it('remembers what it cosigned when it is killed, and does not start without that memory', async () => {
    const dir = join(mkdtempSync(join(tmpdir(), 'zp-witness-')), 'w');
    const init = start('init', dir, '--name', 'witness.example/w1', '--log', `${ORIGIN}=${signer.vkey}`);
    const vkey = (await printed(init, /\n/)).trim();
    const store = memoryStore();
    const add = makeLog(store, 'a');
    await add(5);
    const first = await serve(dir);
    await publish(store, first.url, vkey).stop();
    expect(openCosignature(await noteAt(store, 5), vkey)).toBeDefined();
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    const second = await serve(dir);
    const fork = memoryStore();
    const warnings: string[] = [];
    await makeLog(fork, 'b')(7);
    await publish(fork, second.url, vkey, warnings).stop();
    expect(warnings).toEqual([expect.stringMatching(/first 5 entries/)]);
    await add(2);
    await publish(store, second.url, vkey).stop();
    expect(openCosignature(await noteAt(store, 7), vkey)).toBeDefined();

    const lost = start('serve', mkdtempSync(join(tmpdir(), 'zp-witness-')));
    expect((await once(lost, 'exit'))[0]).not.toBe(0);
  });
});
