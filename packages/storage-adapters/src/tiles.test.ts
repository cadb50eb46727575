import { generateKeyPairSync, hash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  canonical,
  createExecute,
  createLog,
  createSigner,
  createTestClock,
  publishTiles,
  restoreEvidence,
  verifyEvidence,
  verifyTiles,
} from '@zhengpin/core';
import type { Archive, EvidenceLog, JsonObject, Store, TreeResume, TreeVerifyReport } from '@zhengpin/core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { filesystemArchive } from './filesystem/archive.ts';
import { memoryStore } from './memory.ts';

const NAME = 'jobs.example';
const ROOT = `${NAME}/main/`;
const TENANT = 'main';

function pem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

interface Writer {
  readonly store: Store;
  readonly log: EvidenceLog;
  write(count: number, tenant?: string): Promise<void>;
}

function writerOver(store: Store, key: string = pem()): Writer {
  const log = createLog(store, createSigner(NAME, key));
  let ids = 0;
  const execute = createExecute({ store, log, clock: createTestClock('2026-11-10T04:00:00.000Z'), newId: () => `e${++ids}` });
  return {
    store,
    log,
    async write(count, tenant = TENANT) {
      const one = (): Promise<unknown> => {
        const id = `${tenant}-p${ids}-${Math.floor(ids / 7)}`;
        return execute({
          actor: { id: 'r', tenant, role: 'reviewer' },
          load: async () => undefined,
          decide: () => ({
            drafts: [{ kind: 'made', subject: { collection: 'postings', id }, facts: { 城市: '北京' }, changes: [] }],
            result: {},
          }),
        });
      };
      for (let left = count; left > 0; left -= 200) await Promise.all(Array.from({ length: Math.min(200, left) }, one));
    },
  };
}

/** An archive in memory that can be damaged. */
class Files implements Pick<Archive, 'get' | 'put' | 'replace' | 'list'> {
  readonly files = new Map<string, Uint8Array>();
  readonly calls: string[] = [];
  failAt = Number.POSITIVE_INFINITY;
  get = async (key: string): Promise<Uint8Array | undefined> => {
    this.calls.push(`get ${key}`);
    return this.files.get(key);
  };
  put = async (key: string, bytes: Uint8Array): Promise<void> => {
    this.calls.push(`put ${key}`);
    if (--this.failAt < 0) throw new Error('disk full');
    const there = this.files.get(key);
    if (there !== undefined && Buffer.compare(there, bytes) !== 0) throw new Error(`conflict at ${key}`);
    this.files.set(key, Uint8Array.from(bytes));
  };
  replace = async (key: string, bytes: Uint8Array): Promise<void> => {
    this.calls.push(`replace ${key}`);
    this.files.set(key, Uint8Array.from(bytes));
  };
  list = async (prefix: string): Promise<{ readonly entries: readonly { readonly key: string; readonly size: number }[] }> => ({
    entries: [...this.files].filter(([key]) => key.startsWith(prefix)).map(([key, bytes]) => ({ key, size: bytes.length })),
  });
  copy(): Files {
    const other = new Files();
    for (const [key, bytes] of this.files) other.files.set(key, Uint8Array.from(bytes));
    return other;
  }
  edit(key: string, change: (bytes: Buffer) => Uint8Array | void): void {
    const bytes = Buffer.from(this.files.get(key) ?? expect.fail(`no file ${key}`));
    this.files.set(key, change(bytes) ?? bytes);
  }
}

let big: Writer;
let published: Files;

beforeAll(async () => {
  big = writerOver(memoryStore());
  await big.write(66_100);
  published = new Files();
  await publishTiles(big.store, published);
}, 120_000);

afterAll(() => big.store.close());

async function edited(store: Store, seq: number, change: (entry: JsonObject) => JsonObject): Promise<void> {
  const id = `${TENANT}/${String(seq).padStart(12, '0')}`;
  const row = (await store.get('evidence', id)) ?? expect.fail('no row');
  await store.commit([{ collection: 'evidence', id, expectedVersion: row.version }]);
  await store.commit([
    { collection: 'evidence', id, expectedVersion: 0, body: { ...row.body, entry: change(row.body['entry'] as JsonObject) } },
  ]);
}

it('publishes the files of tlog-tiles and nothing else', async () => {
  const names = [...published.files.keys()].map((key) => key.replace(ROOT, ''));
  expect(names).toContain('tile/0/257');
  expect(names).toContain('tile/0/258.p/52');
  expect(names).toContain('tile/entries/258.p/52');
  expect(names).toContain('tile/1/000');
  expect(names).toContain('tile/1/001.p/2');
  expect(names).toContain('tile/2/000.p/1');
  expect(names).toContain('checkpoint');
  expect(names).toContain('vkeys');
  expect(Buffer.from(published.files.get('logs/main') ?? []).toString()).toBe('jobs.example/main\n');
  const bundle = Buffer.from(published.files.get(`${ROOT}tile/entries/000`) ?? []);
  const first = bundle.subarray(2, 2 + bundle.readUInt16BE(0));
  const { entry } = await big.log.inclusion(TENANT, 0);
  expect(first.toString()).toBe(canonical(entry));
  const leaf = hash('sha256', Buffer.concat([Buffer.from([0]), first]), 'buffer');
  expect(Buffer.from(published.files.get(`${ROOT}tile/0/000`) ?? []).subarray(0, 32)).toEqual(leaf);
  expect(await verifyTiles(published, { vkey: big.log.vkey })).toMatchObject({
    ok: true,
    logs: [{ tenant: TENANT, origin: 'jobs.example/main', size: 66_100, entriesChecked: 66_100, vkeySource: 'given' }],
  });
});

it('is the same tree however often it stopped on the way, and touches no full tile twice', async () => {
  const writer = writerOver(memoryStore());
  const often = new Files();
  const sizes: number[] = [];
  for (const more of [1, 254, 1, 1, 255, 300, 700]) {
    await writer.write(more);
    often.calls.length = 0;
    const [log] = await publishTiles(writer.store, often);
    sizes.push(log?.size ?? 0);
    expect(log?.added).toBe(more);
    const before = (sizes.at(-2) ?? 0) - ((sizes.at(-2) ?? 0) % 256);
    for (const call of often.calls) {
      const index = /entries\/(\d{3})$/.exec(call)?.[1];
      if (index !== undefined) expect(Number(index) * 256).toBeGreaterThanOrEqual(before);
    }
    expect(await verifyTiles(often, { vkey: writer.log.vkey })).toMatchObject({ ok: true });
  }
  expect(sizes).toEqual([1, 255, 256, 257, 512, 812, 1512]);
  expect(often.files.has(`${ROOT}tile/entries/000.p/255`)).toBe(true);
  const once = new Files();
  await publishTiles(writer.store, once);
  for (const [key, bytes] of once.files) expect(Buffer.from(often.files.get(key) ?? []).equals(bytes)).toBe(true);
});

it('goes on after a failure and never names a tree that is not all there', async () => {
  const writer = writerOver(memoryStore());
  await writer.write(1100);
  const files = new Files();
  for (const failAt of [0, 3, 7, 9]) {
    files.failAt = failAt;
    await expect(publishTiles(writer.store, files)).rejects.toThrow('disk full');
    expect(files.files.has(`${ROOT}checkpoint`)).toBe(false);
  }
  files.failAt = Number.POSITIVE_INFINITY;
  await publishTiles(writer.store, files);
  expect(await verifyTiles(files)).toMatchObject({ ok: true, logs: [{ size: 1100 }] });
  await writer.write(300);
  files.failAt = 2;
  await expect(publishTiles(writer.store, files)).rejects.toThrow('disk full');
  expect(await verifyTiles(files)).toMatchObject({ ok: true, logs: [{ size: 1100 }] });
});

it('publishes nothing that no signature vouches for', async () => {
  const writer = writerOver(memoryStore());
  await writer.write(600);
  await edited(writer.store, 300, (entry) => ({ ...entry, kind: 'forged' }));
  const files = new Files();
  await expect(publishTiles(writer.store, files)).rejects.toMatchObject({ code: 'ZP_EVIDENCE_BROKEN' });
  expect([...files.files.keys()].filter((key) => key.includes('tile/'))).toEqual([]);
});

it('refuses a store that has lost its end, and one that has forked from the archive', async () => {
  const key = pem();
  const writer = writerOver(memoryStore(), key);
  await writer.write(300);
  const files = new Files();
  await publishTiles(writer.store, files);
  const shorter = writerOver(memoryStore(), key);
  await shorter.write(299);
  await expect(publishTiles(shorter.store, files)).rejects.toMatchObject({
    code: 'ZP_EVIDENCE_BROKEN',
    detail: { en: expect.stringContaining('lost its end') },
  });
  // The same entries but one, by the same key.
  const other = writerOver(memoryStore(), key);
  await other.write(1, 'elsewhere');
  await other.write(300);
  await expect(publishTiles(other.store, files, { tenant: TENANT })).rejects.toMatchObject({
    detail: { en: expect.stringContaining('forked') },
  });
  await other.write(100);
  await expect(publishTiles(other.store, files, { tenant: TENANT })).rejects.toMatchObject({
    detail: { en: expect.stringContaining('forked') },
  });
  const stranger = writerOver(memoryStore());
  await stranger.write(400);
  await expect(publishTiles(stranger.store, files)).rejects.toMatchObject({ code: 'ZP_EVIDENCE_BROKEN' });
});

it('refuses to build on tiles of the archive that were edited', async () => {
  const writer = writerOver(memoryStore());
  await writer.write(300);
  const files = new Files();
  await publishTiles(writer.store, files);
  await writer.write(10);
  for (const path of ['tile/0/001.p/44', 'tile/entries/001.p/44', 'tile/1/000.p/1']) {
    const damaged = files.copy();
    damaged.edit(ROOT + path, (bytes) => void bytes.writeUInt8(bytes.readUInt8(5) ^ 1, 5));
    await expect(publishTiles(writer.store, damaged)).rejects.toMatchObject({ code: 'ZP_EVIDENCE_BROKEN' });
  }
});

it('keeps the logs of tenants apart, in one archive in a folder', async () => {
  const writer = writerOver(memoryStore());
  await writer.write(260, 'north');
  await writer.write(3, 'south');
  const archive = filesystemArchive({ directory: mkdtempSync(join(tmpdir(), 'zp-tiles-')) });
  expect(await publishTiles(writer.store, archive)).toMatchObject([
    { tenant: 'north', size: 260, added: 260 },
    { tenant: 'south', size: 3, added: 3 },
  ]);
  expect(await publishTiles(writer.store, archive, { tenant: 'north' })).toMatchObject([{ size: 260, added: 0 }]);
  const report = await verifyTiles(archive, { vkey: writer.log.vkey });
  expect(report.logs.map(({ tenant, size, ok }) => [tenant, size, ok])).toEqual([
    ['north', 260, true],
    ['south', 3, true],
  ]);
  await expect(verifyTiles(archive, { tenant: 'west' })).rejects.toMatchObject({ code: 'ZP_NOT_FOUND' });
  await expect(publishTiles(writer.store, archive, { tenant: 'west' })).rejects.toMatchObject({ code: 'ZP_NOT_FOUND' });
  await archive.close();
});

function flip(at: number): (bytes: Buffer) => void {
  return (bytes) => void bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
}

const TAMPERINGS: readonly (readonly [string, (files: Files) => void, { readonly kind: string; readonly index?: number }])[] = [
  ['an entry in a full bundle', (f) => f.edit(`${ROOT}tile/entries/100`, flip(2)), { kind: 'edited', index: 25_600 }],
  ['an entry in the partial bundle', (f) => f.edit(`${ROOT}tile/entries/258.p/52`, flip(40)), { kind: 'edited', index: 66_048 }],
  ['a hash in a full tile', (f) => f.edit(`${ROOT}tile/0/007`, flip(32 * 9)), { kind: 'edited', index: 7 * 256 + 9 }],
  ['a hash in the partial tile', (f) => f.edit(`${ROOT}tile/0/258.p/52`, flip(32 * 50)), { kind: 'edited', index: 66_048 + 50 }],
  ['a hash in a full tile of level 1', (f) => f.edit(`${ROOT}tile/1/000`, flip(32 * 3)), { kind: 'edited', index: 768 }],
  ['a hash at the top', (f) => f.edit(`${ROOT}tile/2/000.p/1`, flip(0)), { kind: 'edited', index: 0 }],
  ['a bundle that is gone', (f) => void f.files.delete(`${ROOT}tile/entries/012`), { kind: 'missing', index: 3072 }],
  ['a tile that is gone', (f) => void f.files.delete(`${ROOT}tile/0/012`), { kind: 'missing', index: 3072 }],
  ['a partial tile that is gone', (f) => void f.files.delete(`${ROOT}tile/1/001.p/2`), { kind: 'missing', index: 65_536 }],
  [
    'a bundle that was cut',
    (f) => f.edit(`${ROOT}tile/entries/020`, (b) => b.subarray(0, b.length - 3)),
    { kind: 'missing', index: 20 * 256 + 255 },
  ],
  [
    'bytes behind a bundle',
    (f) => f.edit(`${ROOT}tile/entries/020`, (b) => Buffer.concat([b, Buffer.from([0])])),
    { kind: 'edited', index: 20 * 256 + 255 },
  ],
  [
    'everything from a bundle on',
    (f) => {
      for (let i = 200; i < 259; i++) for (const p of ['', '.p/52']) f.files.delete(`${ROOT}tile/entries/${i}${p}`);
    },
    { kind: 'truncated', index: 51_200 },
  ],
  [
    'everything from an entry on, tiles and all',
    (f) => {
      for (let i = 200; i < 259; i++)
        for (const k of ['entries', '0']) for (const p of ['', '.p/52']) f.files.delete(`${ROOT}tile/${k}/${i}${p}`);
    },
    { kind: 'truncated', index: 51_200 },
  ],
  [
    'two bundles changed for each other',
    (f) => {
      const [a, b] = [f.files.get(`${ROOT}tile/entries/003`), f.files.get(`${ROOT}tile/entries/004`)];
      if (a && b) f.files.set(`${ROOT}tile/entries/003`, b).set(`${ROOT}tile/entries/004`, a);
    },
    { kind: 'edited', index: 768 },
  ],
  [
    'the size in the checkpoint',
    (f) => f.edit(`${ROOT}checkpoint`, (b) => Buffer.from(b.toString().replace('66100', '66099'))),
    { kind: 'checkpoint-invalid' },
  ],
  ['a checkpoint that is gone', (f) => void f.files.delete(`${ROOT}checkpoint`), { kind: 'missing' }],
];

it.each(TAMPERINGS)('finds %s', async (_what, tamper, expected) => {
  const files = published.copy();
  tamper(files);
  const report = await verifyTiles(files, { vkey: big.log.vkey });
  expect(report.ok).toBe(false);
  expect(report.logs[0]?.findings[0]).toMatchObject(expected);
});

it('names an edited entry beside an edited hash of the same tile', async () => {
  const files = published.copy();
  files.edit(`${ROOT}tile/0/007`, flip(32 * 9));
  files.edit(`${ROOT}tile/entries/007`, flip(2));
  const { findings } = (await verifyTiles(files)).logs[0] ?? expect.fail();
  expect(findings).toMatchObject([
    { kind: 'edited', index: 7 * 256, path: 'tile/entries/007' },
    { kind: 'edited', index: 7 * 256 + 9, path: 'tile/0/007' },
  ]);
});

it('believes no key that came with the files when another one is given', async () => {
  const forger = writerOver(memoryStore());
  await forger.write(300);
  const files = new Files();
  await publishTiles(forger.store, files);
  expect(await verifyTiles(files)).toMatchObject({ ok: true, logs: [{ vkeySource: 'declared' }] });
  expect(await verifyTiles(files, { vkey: big.log.vkey })).toMatchObject({
    ok: false,
    logs: [{ findings: [{ kind: 'checkpoint-invalid' }] }],
  });
});

it('finds a log signed anew by the same key, one set back, and one that is neither, by a checkpoint kept elsewhere', async () => {
  const key = pem();
  const [honest, forger] = [writerOver(memoryStore(), key), writerOver(memoryStore(), key)];
  await honest.write(300);
  const { checkpoint: kept } = await honest.log.head(TENANT);
  await honest.write(300);
  await forger.write(1, 'other');
  await forger.write(600);
  const [good, forged, old] = [new Files(), new Files(), new Files()];
  await publishTiles(honest.store, good);
  await publishTiles(forger.store, forged, { tenant: TENANT });
  const short = writerOver(memoryStore(), key);
  await short.write(200);
  await publishTiles(short.store, old);
  const run = (files: Files): Promise<TreeVerifyReport> => verifyTiles(files, { vkey: honest.log.vkey, against: kept });
  expect(await run(good)).toMatchObject({ ok: true });
  expect((await run(forged)).logs[0]?.findings).toMatchObject([{ kind: 'forked' }]);
  expect((await run(old)).logs[0]?.findings).toMatchObject([{ kind: 'rolled-back', index: 200 }]);
  await expect(verifyTiles(good, { against: (await big.log.head(TENANT)).checkpoint })).resolves.toMatchObject({ ok: false });
});

it('names where entries left the signed log when tiles were made to fit them', async () => {
  const key = pem();
  const [honest, forger] = [writerOver(memoryStore(), key), writerOver(memoryStore(), pem())];
  await honest.write(300);
  await forger.write(1, 'other');
  await forger.write(300);
  const [good, forged] = [new Files(), new Files()];
  await publishTiles(honest.store, good);
  await publishTiles(forger.store, forged, { tenant: TENANT });
  for (const name of ['checkpoint', 'vkeys']) forged.files.set(ROOT + name, good.files.get(ROOT + name) ?? expect.fail());
  expect((await verifyTiles(forged)).logs[0]?.findings).toMatchObject([{ kind: 'forked', index: 0 }]);
});

it('goes on where it was interrupted, keeps what it had found, and takes in what was added meanwhile', async () => {
  const writer = writerOver(memoryStore());
  await writer.write(1000);
  const files = new Files();
  await publishTiles(writer.store, files);
  files.edit(`${ROOT}tile/entries/001`, flip(2));
  let resume: TreeResume | undefined;
  const stopped = verifyTiles(files, {
    onProgress: (done, _total, state) => {
      resume = JSON.parse(JSON.stringify(state())) as TreeResume;
      if (done >= 700) throw new Error('stopped');
    },
  });
  await expect(stopped).rejects.toThrow('stopped');
  await writer.write(1000);
  await publishTiles(writer.store, files);
  files.calls.length = 0;
  const report = await verifyTiles(files, { resume: resume ?? expect.fail() });
  expect(report).toMatchObject({ ok: false, logs: [{ size: 2000, entriesChecked: 1999, findings: [{ kind: 'edited', index: 256 }] }] });
  expect(files.calls).not.toContain(`get ${ROOT}tile/entries/001`);
  expect(files.calls).toContain(`get ${ROOT}tile/entries/003`);
  const other = writerOver(memoryStore());
  await other.write(1, 'other');
  await other.write(2000);
  const forged = new Files();
  await publishTiles(other.store, forged, { tenant: TENANT });
  expect((await verifyTiles(forged, { resume: resume ?? expect.fail() })).logs[0]?.findings.map(({ kind }) => kind)).toContain('forked');
});

it('restores a store that verifies, and that can be published again', async () => {
  const writer = writerOver(memoryStore());
  await writer.write(2900);
  const files = new Files();
  await publishTiles(writer.store, files);
  const damaged = files.copy();
  damaged.edit(`${ROOT}tile/entries/002`, flip(2));
  const store = memoryStore();
  await expect(restoreEvidence(damaged, store)).rejects.toMatchObject({
    code: 'ZP_EVIDENCE_BROKEN',
    detail: { en: expect.stringContaining('512') },
  });
  // Nothing past the damage is there, and without a head what is there is no log.
  expect(await store.get('evidenceHeads', TENANT)).toBeUndefined();
  expect(await store.get('evidence', 'main/000000000511')).toBeDefined();
  expect(await store.get('evidence', 'main/000000000512')).toBeUndefined();

  const origin = 'jobs.example/main';
  expect(await restoreEvidence(files, store, { vkey: writer.log.vkey })).toEqual([{ tenant: TENANT, origin, size: 2900 }]);
  expect(await verifyEvidence(store, { vkey: writer.log.vkey })).toMatchObject({ ok: true, tenants: [{ size: 2900 }] });
  expect(await publishTiles(store, files.copy())).toMatchObject([{ added: 0 }]);
  const anew = new Files();
  await publishTiles(store, anew);
  for (const [key, bytes] of anew.files) expect(Buffer.from(files.files.get(key) ?? []).equals(bytes)).toBe(true);
  await expect(restoreEvidence(files, store)).rejects.toMatchObject({ code: 'ZP_STATE' });
});

it('restores nothing signed by another key than the one given, and nothing over rows of another log', async () => {
  const [writer, other] = [writerOver(memoryStore()), writerOver(memoryStore())];
  await writer.write(300);
  await other.write(1, 'other');
  await other.write(300);
  const files = new Files();
  await publishTiles(writer.store, files);
  await expect(restoreEvidence(files, memoryStore(), { vkey: other.log.vkey })).rejects.toMatchObject({ code: 'ZP_EVIDENCE_BROKEN' });
  const head = (await other.store.get('evidenceHeads', TENANT)) ?? expect.fail('no head');
  await other.store.commit([{ collection: 'evidenceHeads', id: TENANT, expectedVersion: head.version }]);
  await expect(restoreEvidence(files, other.store)).rejects.toMatchObject({ code: 'ZP_STATE' });
});
