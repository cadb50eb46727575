import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  anchorStates,
  archiveAnchor,
  createCompliance,
  createCosigner,
  createDevelopmentIssuer,
  createExecute,
  createLog,
  createSigner,
  createTestClock,
  fileAnchor,
  httpAnchor,
  openCosignature,
  startPublisher,
  unsealed,
  verifyEvidence,
  witnessAnchor,
  witnessClock,
} from '@zhengpin/core';
import type { Anchor, Anchoring, Publisher, PublisherContext, Store } from '@zhengpin/core';
import { afterEach, describe, expect, it } from 'vitest';

import { filesystemArchive } from './filesystem/archive.ts';
import { memoryStore } from './memory.ts';

const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const signer = createSigner('jobs.example', privateKeyPem);
const START = '2026-11-25T00:00:00.000Z';
const PLACE = 'jobs.example=2fmain';
const closing: (() => unknown)[] = [];
const folder = (): string => mkdtempSync(join(tmpdir(), 'zp-anchor-'));

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function makeLog(store: Store, salt: string, clock = createTestClock(START)) {
  let ids = 0;
  const execute = createExecute({ store, log: createLog(store, signer), clock, newId: () => `${salt}${++ids}` });
  return async (count: number, tenant = 'main'): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const id = `${salt}-${ids}`;
      const change = { collection: 'postings', id, expectedVersion: 0, body: { tenant } };
      await execute({
        actor: { id: 'r', tenant, role: 'reviewer' },
        load: async () => undefined,
        decide: () => ({ drafts: [{ kind: 'made', subject: { collection: 'postings', id }, facts: {}, changes: [change] }], result: {} }),
      });
    }
  };
}

function publish(
  store: Store,
  to: readonly Anchor[],
  more: Partial<Anchoring & PublisherContext> = {},
): Publisher & { readonly told: string[] } {
  const told: string[] = [];
  const { clock = createTestClock(START), retriesMs = [], lease, ...anchoring } = more;
  const warn: Anchoring['warn'] = (tenant, anchor, { code }) => told.push(`${tenant} ${anchor} ${code}`);
  const publisher = startPublisher({ to, warn, ...anchoring }, { store, clock, retriesMs, ...(lease ? { lease } : {}) });
  closing.push(() => publisher.stop());
  return { ...publisher, told };
}

/** An anchor that notes what it is given, and answers as told. */
function notingAnchor(name = 'noting'): Anchor & { readonly sizes: number[]; answer: () => Promise<object> } {
  const sizes: number[] = [];
  const self = {
    name,
    sizes,
    answer: async (): Promise<object> => ({}),
    async publish({ size }: { readonly size: number }) {
      sizes.push(size);
      return self.answer();
    },
  };
  return self;
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

async function newestNote(store: Store): Promise<string> {
  return String((await store.get('evidenceHeads', 'main'))?.body['checkpoint']);
}

describe('an anchor in a folder', () => {
  it('keeps a read-only file a checkpoint, and refuses another history', async () => {
    const [store, dir] = [memoryStore(), folder()];
    const add = makeLog(store, 'a');
    const { turn } = publish(store, [fileAnchor({ dir })]);
    await add(2);
    await turn();
    await add(1);
    await turn();
    expect(readdirSync(join(dir, PLACE))).toEqual(['000000000002', '000000000003']);
    const path = join(dir, PLACE, '000000000003');
    expect(readFileSync(path, 'utf8')).toBe(await newestNote(store));
    expect(statSync(path).mode & 0o222).toBe(0);

    for (const [size, told] of [
      [3, '3 entries of the log are not those'],
      [1, 'holds a checkpoint of 3 entries and the log has 1'],
    ] as const) {
      const other = memoryStore();
      await makeLog(other, 'b')(size);
      await publish(other, [fileAnchor({ dir })]).stop();
      const [state] = await anchorStates(other, Date.parse(START));
      expect(state).toMatchObject({ size: 0, trouble: { code: 'ZP_ANCHOR_CONTRADICTS' } });
      expect(state?.finding?.en).toContain(told);
    }
    expect(readdirSync(join(dir, PLACE))).toHaveLength(2);
  });

  it('is unavailable, not made, when the folder is missing', async () => {
    const [store, dir] = [memoryStore(), join(folder(), 'not-mounted')];
    await makeLog(store, 'a')(1);
    const { turn, told } = publish(store, [fileAnchor({ dir })]);
    await turn();
    expect(told).toEqual(['main file ZP_ANCHOR_UNAVAILABLE']);
  });
});

describe('an anchor in an archive', () => {
  it('puts each checkpoint once under its own name until a date, and refuses another history', async () => {
    const [store, directory] = [memoryStore(), folder()];
    const archive = filesystemArchive({ directory });
    const anchor = (): Anchor => archiveAnchor(archive, { retainYears: 3, clock: createTestClock(START) });
    const add = makeLog(store, 'a');
    await add(9);
    await publish(store, [anchor()]).stop();
    await add(3);
    await publish(store, [anchor()]).stop();
    expect((await archive.list('')).entries.map(({ key }) => key)).toEqual([
      `checkpoints/${PLACE}/000000000009`,
      `checkpoints/${PLACE}/000000000012`,
    ]);
    expect(await archive.stat(`checkpoints/${PLACE}/000000000012`)).toMatchObject({
      kind: 'object',
      retainUntil: '2029-11-25T00:00:00.000Z',
    });
    for (const size of [4, 12]) {
      const other = memoryStore();
      await makeLog(other, 'b')(size);
      const { stop, told } = publish(other, [anchor()]);
      await stop();
      expect(told).toEqual(['main archive ZP_ANCHOR_CONTRADICTS']);
    }
    // The same log once more is no contradiction.
    const again = publish(store, [anchor()]);
    await again.stop();
    expect(again.told).toEqual([]);
  });

  it('is unavailable when the archive is', async () => {
    const store = memoryStore();
    const archive = filesystemArchive({ directory: folder() });
    await archive.close();
    await makeLog(store, 'a')(1);
    const { stop, told } = publish(store, [archiveAnchor(archive)]);
    await stop();
    expect(told).toEqual(['main archive ZP_ANCHOR_UNAVAILABLE']);
  });
});

describe('an anchor at an address', () => {
  it('posts the note with its headers and keeps the receipt; an answer of 4xx is a refusal', async () => {
    const seen: string[] = [];
    let status = 201;
    const url = await listen((request, response) => {
      let body = '';
      request.on('data', (part) => (body += String(part)));
      request.on('end', () => {
        seen.push(`${request.headers.authorization ?? ''} ${body}`);
        response.writeHead(status).end(' receipt 7 \n');
      });
    });
    const store = memoryStore();
    const add = makeLog(store, 'a');
    const { turn, told } = publish(store, [httpAnchor({ url, headers: { authorization: 'Bearer t' }, name: 'regulator' })]);
    await add(1);
    await turn();
    expect(seen).toEqual([`Bearer t ${await newestNote(store)}`]);
    expect(await anchorStates(store, Date.parse(START))).toMatchObject([{ anchor: 'regulator', size: 1, receipt: 'receipt 7', behind: 0 }]);
    for (status of [403, 503, 302]) {
      await add(1);
      await turn();
    }
    expect(told.map((line) => line.split(' ').at(-1))).toEqual(['ZP_ANCHOR_REFUSED', 'ZP_ANCHOR_UNAVAILABLE', 'ZP_ANCHOR_REFUSED']);
  });

  it('takes addresses of http and https only, without credentials', () => {
    for (const url of ['ftp://x', 'nonsense', 'https://user:secret@x/'])
      expect(() => httpAnchor({ url })).toThrow(/^ZP_OPTION_INVALID(?!.*secret)/);
    expect(() => witnessAnchor({ url: 'https://x/', vkey: signer.vkey })).toThrow(/ZP_OPTION_INVALID/);
  });
});

describe('publishing', () => {
  it('hands over the newest checkpoint of each log, once', async () => {
    const store = memoryStore();
    const add = makeLog(store, 'a');
    const anchor = notingAnchor();
    const { turn } = publish(store, [anchor]);
    await turn();
    await add(3);
    await add(2, 'other');
    await turn();
    await turn();
    expect(anchor.sizes).toEqual([3, 2]);
    await add(4);
    await turn();
    expect(anchor.sizes).toEqual([3, 2, 7]);
    expect(await verifyEvidence(store, { vkey: signer.vkey })).toMatchObject({ ok: true });
  });

  it('tries again what was not answered, and each turn what still is not; the trouble is told once and ends', async () => {
    const clock = createTestClock(START);
    const store = memoryStore();
    await makeLog(store, 'a', clock)(1);
    const anchor = notingAnchor();
    let fails = 7;
    anchor.answer = async () => {
      if (fails-- > 0) throw new Error('secret of some library');
      return {};
    };
    const { turn, told } = publish(store, [anchor], { clock, retriesMs: [1, 1] });
    await turn();
    clock.advance(11 * 60_000);
    await turn();
    expect(anchor.sizes).toEqual([1, 1, 1, 1, 1, 1]);
    expect(told).toEqual(['main noting ZP_ANCHOR_UNAVAILABLE']);
    const [state] = await anchorStates(store, clock.now());
    expect(state).toMatchObject({ size: 0, behind: 1, since: START, trouble: { since: START } });
    expect(state?.finding?.en).toBe(
      '1 entries have not reached the anchor, the first of them for 11 minutes: Publishing the checkpoint failed',
    );
    await turn();
    expect(anchor.sizes).toHaveLength(8);
    const [after] = await anchorStates(store, clock.now());
    expect(after).toMatchObject({ size: 1, behind: 0 });
    expect(after?.trouble).toBeUndefined();
    expect(after?.finding).toBeUndefined();
  });

  it('is no finding while an anchor is late by less than was said, in time or in entries', async () => {
    const clock = createTestClock(START);
    const store = memoryStore();
    const add = makeLog(store, 'a', clock);
    const { turn } = publish(store, [notingAnchor()], { clock, maxLagMs: 60_000, maxLagEntries: 3 });
    await add(1);
    await turn();
    await add(3);
    clock.advance(60_000);
    expect((await anchorStates(store, clock.now()))[0]).toMatchObject({ behind: 3 });
    expect((await anchorStates(store, clock.now()))[0]?.finding).toBeUndefined();
    await add(1);
    expect((await anchorStates(store, clock.now()))[0]?.finding?.en).toContain('4 entries');
    expect((await anchorStates(store, clock.now() + 1))[0]?.finding?.en).toContain('4 entries');
  });

  it('does not wait for an anchor that never answers, and no other anchor waits for it', async () => {
    const store = memoryStore();
    await makeLog(store, 'a')(1);
    const [dead, alive] = [notingAnchor('dead'), notingAnchor('alive')];
    dead.answer = () => new Promise(() => undefined);
    const { turn, told } = publish(store, [dead, alive], { timeoutMs: 20 });
    await turn();
    expect([alive.sizes, told]).toEqual([[1], ['main dead ZP_ANCHOR_UNAVAILABLE']]);
  });

  it('is done by one process of a fleet, and by the next when the first is gone', async () => {
    const store = memoryStore();
    await makeLog(store, 'a')(1);
    let at = 0;
    const lease = { watch: () => at, checkMs: 1, ttlMs: 100 };
    const [one, two] = [notingAnchor(), notingAnchor()];
    const first = publish(store, [one], { lease });
    const second = publish(store, [two], { lease });
    await first.turn();
    at = 50;
    await second.turn();
    expect([one.sizes, two.sizes]).toEqual([[1], []]);
    // The first is killed: nobody writes its row any more.
    at = 151;
    await second.turn();
    expect(two.sizes).toEqual([1]);
    await first.turn();
    expect(one.sizes).toEqual([1]);
  });

  it('marks an anchor that is not set up any more as retired instead of late', async () => {
    const store = memoryStore();
    const add = makeLog(store, 'a');
    await add(1);
    await publish(store, [notingAnchor('old')]).stop();
    await add(1);
    await publish(store, [notingAnchor('new')]).stop();
    expect((await anchorStates(store, Date.parse(START) + 3_600_000)).map((s) => [s.anchor, s.size, s.retired, s.finding])).toEqual([
      ['new', 2, undefined, undefined],
      ['old', 1, START, undefined],
    ]);
  });

  it('refuses anchors of one name, and unknown options', () => {
    const store = memoryStore();
    for (const wrong of [
      { to: [notingAnchor(), notingAnchor()] },
      { to: [notingAnchor('a b')] },
      { to: [], every: 1 },
      { to: [], intervalMs: 0 },
    ])
      expect(() => startPublisher(wrong, { store, clock: createTestClock(START) })).toThrow(/ZP_OPTION_INVALID/);
  });
});

it('createCompliance publishes at closing, serves the signatures of witnesses, and tells auditors how anchors stand', async () => {
  const clock = createTestClock(START);
  const cosigner = createCosigner(
    'witness.example/w1',
    generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  );
  const witness: Anchor = { name: 'witness', publish: async ({ note }) => ({ cosignatures: cosigner.cosign(note, 1_790_000_000) }) };
  const store = memoryStore();
  const issuer = await createDevelopmentIssuer(clock);
  const options = {
    signing: { name: 'jobs.example', privateKeyPem },
    identity: issuer.identity,
    clock,
    keys: unsealed({ reason: 'test data of nobody' }),
  };
  const auditor = { id: 'a', tenant: 'main', role: 'auditor' } as const;
  const operator = { id: 'op-1', tenant: 'main', role: 'operator' } as const;
  const open = (): ReturnType<typeof createCompliance> =>
    createCompliance({
      ...options,
      store: { ...store, close: async () => undefined },
      anchors: { to: [fileAnchor({ dir: folder() }), witness] },
    });
  const profile = { agencyType: 'public', modes: ['platform'], jurisdictions: ['CN'] };
  const first = open();
  await first.setOperator(operator, { ...profile, name: '示例公共就业服务中心' });
  // Its first turn may have come by or not: at the latest it publishes when it is closed.
  await first.close();

  const second = open();
  expect(await second.evidence.anchors(auditor)).toMatchObject([
    { anchor: 'file', size: 2, behind: 0, at: START },
    { anchor: 'witness', size: 2, behind: 0, at: START },
  ]);
  const seen = await second.evidence.checkpoint(auditor);
  expect(openCosignature(seen, cosigner.vkey)?.time).toBe(1_790_000_000);
  // Retention reads the same as a trace of time, by the key of this witness and no other.
  expect(await witnessClock(store, cosigner.vkey).read('main')).toEqual({ notBefore: 1_790_000_000_000 });
  expect(await witnessClock(store, createCosigner('witness.example/w1', privateKeyPem).vkey).read('main')).toBeUndefined();
  expect(await witnessClock(store, cosigner.vkey).read('other')).toBeUndefined();
  await second.setOperator(operator, { ...profile, name: '示例公共人才服务中心' });
  // The newest checkpoint may not have been out yet; one that was is always there.
  expect(openCosignature(await second.evidence.checkpoint(auditor, 'witnessed'), cosigner.vkey)).toBeDefined();
  await expect(second.evidence.anchors({ ...auditor, role: 'employer' })).rejects.toMatchObject({ code: 'ZP_FORBIDDEN' });
  await second.close();
});
