import { generateKeyPairSync, hash } from 'node:crypto';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { canonical, contentHash, createExecute, createLog, createSigner, createTestClock, leafHash, verifyEvidence } from '@zhengpin/core';
import type { Execute, Json, JsonObject, Signer, Store, TenantReport, VerifyOptions, VerifyReport } from '@zhengpin/core';
import { beforeAll, describe, expect, it } from 'vitest';

import { memoryStore } from './memory.ts';
import { sqliteStore } from './sqlite.ts';

const directory = mkdtempSync(join(tmpdir(), 'zp-'));
const original = join(directory, 'original.db');
const key = (): string => generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const signer = createSigner('jobs.example', key());
const SIZE = 203;
let copies = 0;
/** Checkpoints of the whole log and of an early part, as an outsider would have kept them. */
let kept = '';
let keptEarly = '';

const row = (seq: number): string => `main/${String(seq).padStart(12, '0')}`;
const commitment = (collection: string, id: string, version: number, body: Json): string => contentHash({ collection, id, version, body });

/** What an attacker needs to know of RFC 6962: the perfect subtrees so far, left to right. */
type Frontier = readonly Uint8Array[];

const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  hash('sha256', Buffer.concat([Buffer.from([1]), left, right]), 'buffer');

function appendLeaf(
  frontier: Frontier,
  size: number,
  leaf: Uint8Array,
): { readonly frontier: Frontier; readonly completed: readonly Uint8Array[] } {
  const rest = [...frontier];
  const completed = [leaf];
  let node = leaf;
  for (let pending = size; pending % 2 === 1; pending = (pending - 1) / 2)
    completed.push((node = nodeHash(rest.pop() ?? Buffer.alloc(0), node)));
  return { frontier: [...rest, node], completed };
}

function frontierRoot(frontier: Frontier): Uint8Array {
  return frontier.reduceRight((right, left) => nodeHash(left, right));
}

type Write = readonly [id: string, kind: 'put' | 'remove'];

async function write(execute: Execute, tenant: string, batch: readonly Write[]): Promise<void> {
  await Promise.all(
    batch.map(([id, kind]) =>
      execute({
        actor: { id: 'r', tenant, role: 'reviewer' },
        load: (reader) => reader.get('postings', id),
        decide: (now) => {
          const change = { collection: 'postings', id, expectedVersion: now?.version ?? 0 };
          const body = { tenant, state: 'open', n: Number(now?.body['n'] ?? 0) + 1, text: `招聘 ${id}` };
          const changes = [kind === 'put' ? { ...change, body } : change];
          return { drafts: [{ kind, subject: { collection: 'postings', id }, facts: { id }, changes }], result: {} };
        },
      }),
    ),
  );
}

/** 150 records made, 30 changed, 20 removed, 3 made again: 203 entries in batches of ten, the last three one by one. */
async function build(store: Store, by: Signer): Promise<void> {
  let ids = 0;
  const execute = createExecute({
    store,
    log: createLog(store, by),
    clock: createTestClock('2026-11-24T00:00:00.000Z'),
    newId: () => `e${++ids}`,
  });
  const writes: Write[] = [];
  for (let i = 0; i < 150; i++) writes.push([`p${i}`, 'put']);
  for (let i = 0; i < 30; i++) writes.push([`p${i}`, 'put']);
  for (let i = 130; i < 150; i++) writes.push([`p${i}`, 'remove']);
  for (let i = 0; i < 200; i += 10) {
    await write(execute, 'main', writes.slice(i, i + 10));
    if (i === 50) keptEarly = String((await store.get('evidenceHeads', 'main'))?.body['checkpoint']);
  }
  for (let i = 140; i < 143; i++) await write(execute, 'main', [[`p${i}`, 'put']]);
  await write(execute, 'main.2', [
    ['q1', 'put'],
    ['q2', 'put'],
    ['q3', 'put'],
  ]);
  kept = String((await store.get('evidenceHeads', 'main'))?.body['checkpoint']);
}

beforeAll(async () => {
  const store = sqliteStore({ path: original });
  await build(store, signer);
  await store.close();
});

/** The database in the hands of somebody with full access to the file. */
interface Raw {
  readonly db: DatabaseSync;
  body(table: string, id: string): JsonObject;
  set(table: string, id: string, body: Json): void;
  drop(table: string, id: string): void;
  entry(seq: number): JsonObject;
  /** Rewrite an entry; `nodes` says how well the attacker covers it up. */
  edit(seq: number, change: JsonObject, nodes: 'kept' | 'own' | 'all'): void;
  rebuild(): Frontier;
}

function raw(db: DatabaseSync): Raw {
  const self: Raw = {
    db,
    body: (table, id) => JSON.parse(String(db.prepare(`SELECT body FROM zp_${table} WHERE id=?`).get(id)?.['body'])) as JsonObject,
    set: (table, id, body) => void db.prepare(`UPDATE zp_${table} SET body=? WHERE id=?`).run(JSON.stringify(body), id),
    drop: (table, id) => void db.prepare(`DELETE FROM zp_${table} WHERE id=?`).run(id),
    entry: (seq) => self.body('evidence', row(seq))['entry'] as JsonObject,
    edit(seq, change, nodes) {
      const before = self.body('evidence', row(seq));
      const entry = { ...(before['entry'] as JsonObject), ...change };
      const leaf = Buffer.from(leafHash(canonical(entry))).toString('base64');
      const old = before['nodes'] as readonly string[];
      self.set('evidence', row(seq), { entry, nodes: nodes === 'kept' ? old : [leaf, ...old.slice(1)] });
      if (nodes === 'all') self.rebuild();
    },
    rebuild() {
      let frontier: Frontier = [];
      const rows = db.prepare(`SELECT id, body FROM zp_evidence WHERE id >= 'main/' AND id < 'main0' ORDER BY id`).all();
      for (const [i, { id, body }] of rows.entries()) {
        const { entry } = JSON.parse(String(body)) as { entry: JsonObject };
        const step = appendLeaf(frontier, i, leafHash(canonical(entry)));
        frontier = step.frontier;
        self.set('evidence', String(id), { entry, nodes: step.completed.map((h) => Buffer.from(h).toString('base64')) });
      }
      return frontier;
    },
  };
  return self;
}

async function after(tamper: (attack: Raw) => void, options: VerifyOptions = { vkey: signer.vkey }): Promise<VerifyReport> {
  const path = join(directory, `copy-${++copies}.db`);
  copyFileSync(original, path);
  const db = new DatabaseSync(path);
  // Expression indexes would refuse a body that is not JSON; whoever owns the file is not held up by that.
  for (const { name } of db.prepare(`SELECT name FROM sqlite_schema WHERE type='index' AND sql IS NOT NULL`).all())
    db.exec(`DROP INDEX ${String(name)}`);
  tamper(raw(db));
  db.close();
  const store = sqliteStore({ path, readOnly: true });
  try {
    return await verifyEvidence(store, options);
  } finally {
    await store.close();
  }
}

function main(report: VerifyReport): TenantReport {
  const found = report.tenants.find((t) => t.tenant === 'main');
  if (found === undefined) throw new Error('no report for main');
  return found;
}

async function faults(tamper: (attack: Raw) => void, options?: VerifyOptions): Promise<readonly (readonly [string, number | undefined])[]> {
  const report = await after(tamper, options);
  for (const other of report.tenants) if (other.tenant !== 'main') expect(other.faults).toEqual([]);
  expect(report.ok).toBe(main(report).ok);
  return main(report).faults.map((f) => [f.kind, f.seq] as const);
}

describe('an untouched log', () => {
  it('verifies whole, with a given key, an outside checkpoint, or its own key said to be its own', async () => {
    const done: (readonly [number, number])[] = [];
    const report = await after(() => {}, { vkey: signer.vkey, against: kept, onProgress: (n, total) => done.push([n, total]) });
    expect(report.ok).toBe(true);
    expect(
      report.tenants.map(({ tenant, size, checkpointsChecked, checkpointsUnproven, recordsChecked }) => [
        tenant,
        size,
        checkpointsChecked,
        checkpointsUnproven,
        recordsChecked,
      ]),
    ).toEqual([
      ['main', SIZE, 23, 0, 133],
      ['main.2', 3, 1, 0, 3],
    ]);
    expect(done.at(-1)).toEqual([SIZE + 3, SIZE + 3]);
    expect(main(await after(() => {}, {}))).toMatchObject({ ok: true, vkey: signer.vkey, vkeySource: 'store' });
    expect(main(await after(() => {}, { tenant: 'main', against: keptEarly }))).toMatchObject({ ok: true, recordsChecked: 133 });
  });

  it('verifies in memory too, and while others write', async () => {
    const store = memoryStore();
    await build(store, signer);
    let ids = 0;
    const execute = createExecute({
      store,
      log: createLog(store, signer),
      clock: createTestClock('2026-11-25T00:00:00.000Z'),
      newId: () => `f${++ids}`,
    });
    const writing = (async () => {
      for (let i = 0; i < 60; i++)
        await write(execute, 'main', [
          [`p${i}`, 'put'],
          [`p${i + 60}`, i % 2 === 0 ? 'remove' : 'put'],
          [`new${i}`, 'put'],
        ]);
    })();
    for (let i = 0; i < 5; i++)
      expect((await verifyEvidence(store, { vkey: signer.vkey, against: kept })).tenants.flatMap((t) => t.faults)).toEqual([]);
    await writing;
    expect(await verifyEvidence(store, { vkey: signer.vkey })).toMatchObject({ ok: true });
  });

  it('verifies while a record that was removed is made again', async () => {
    const store = memoryStore();
    let ids = 0;
    const execute = createExecute({
      store,
      log: createLog(store, signer),
      clock: createTestClock('2026-11-25T00:00:00.000Z'),
      newId: () => `f${++ids}`,
    });
    await write(execute, 'main', [
      ['x', 'put'],
      ['y', 'put'],
    ]);
    await write(execute, 'main', [['x', 'remove']]);
    let made = false;
    const racing: Store = {
      ...store,
      async get(collection, id) {
        const seen = await store.get(collection, id);
        // Between what the first entry finds and what the later one does.
        if (id === 'x' && !made) {
          made = true;
          await write(execute, 'main', [['x', 'put']]);
        }
        return seen;
      },
    };
    expect((await verifyEvidence(racing, { vkey: signer.vkey })).tenants.flatMap((t) => t.faults)).toEqual([]);
    expect(made).toBe(true);
  });

  it('refuses unknown options and a key that is none', async () => {
    const store = memoryStore();
    const unknown = { tenants: 'main' };
    await expect(verifyEvidence(store, unknown as VerifyOptions)).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    await expect(verifyEvidence(store, { vkey: 'key' })).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    expect(await verifyEvidence(store)).toEqual({ ok: true, tenants: [] });
    await store.close();
    await expect(verifyEvidence(store)).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
  });
});

describe('a tampered entry', () => {
  for (const seq of [0, 1, 6, 63, 64, 127, 128, 199, 202]) {
    it(`is named alone: ${seq}`, async () => {
      expect(await faults((a) => a.edit(seq, { kind: 'forged' }, 'kept'))).toEqual([['edited', seq]]);
      if (seq < 202) expect(await faults((a) => a.drop('evidence', row(seq)))).toEqual([['missing', seq]]);
      const node = (a: Raw, level: number): void => {
        const { entry, nodes } = a.body('evidence', row(seq)) as { entry: JsonObject; nodes: readonly string[] };
        a.set('evidence', row(seq), { entry, nodes: nodes.with(level, Buffer.alloc(32, 7).toString('base64')) });
      };
      expect(await faults((a) => node(a, 0))).toEqual([['edited', seq]]);
      expect(await faults((a) => node(a, -1))).toEqual([['edited', seq]]);
      expect(await faults((a) => a.set('evidence', row(seq), []))).toEqual([['edited', seq]]);
      expect(await faults((a) => a.set('evidence', row(seq), null))).toEqual([['edited', seq]]);
      expect(await faults((a) => a.db.prepare('UPDATE zp_evidence SET body=? WHERE id=?').run('{', row(seq)))).toEqual([['edited', seq]]);
      expect(await faults((a) => a.db.prepare('UPDATE zp_evidence SET version=2 WHERE id=?').run(row(seq)))).toEqual([['edited', seq]]);
    });
  }

  it('leaves the records it alone could vouch for unproven instead of blaming another entry', async () => {
    const report = main(await after((a) => a.drop('evidence', row(185))));
    expect(report).toMatchObject({ recordsUnproven: 1, faults: [{ kind: 'missing', seq: 185 }] });
    expect(main(await after((a) => a.drop('evidence', row(77))))).toMatchObject({
      recordsUnproven: 1,
      faults: [{ kind: 'missing', seq: 77 }],
    });
  });

  it('is named with every other one: each wrong place once', async () => {
    expect(
      await faults((a) => {
        a.edit(3, { kind: 'forged' }, 'kept');
        a.drop('evidence', row(77));
        a.drop('evidence', row(78));
        a.edit(150, { at: '2020-01-01T00:00:00.000Z' }, 'kept');
      }),
    ).toEqual([
      ['edited', 3],
      ['missing', 77],
      ['missing', 78],
      ['edited', 150],
    ]);
  });

  it('is named at both places when two are swapped', async () => {
    for (const [a, b] of [
      [4, 9],
      [10, 11],
      [63, 127],
      [0, 202],
      [64, 66],
    ] as const) {
      const swap = (attack: Raw): void => {
        const [first, second] = [attack.body('evidence', row(a)), attack.body('evidence', row(b))];
        attack.set('evidence', row(a), second);
        attack.set('evidence', row(b), first);
      };
      expect(await faults(swap)).toEqual([
        ['reordered', a],
        ['reordered', b],
      ]);
      const swapEntries = (attack: Raw): void => {
        const [first, second] = [attack.body('evidence', row(a)), attack.body('evidence', row(b))];
        attack.set('evidence', row(a), { ...first, entry: second['entry'] ?? null });
        attack.set('evidence', row(b), { ...second, entry: first['entry'] ?? null });
      };
      expect(await faults(swapEntries)).toEqual([
        ['reordered', a],
        ['reordered', b],
      ]);
    }
    expect(await faults((a) => a.set('evidence', row(9), a.body('evidence', row(5))))).toEqual([['reordered', 9]]);
  });

  it('is found as a fork when its own hash is forged with it, as near as stored nodes allow', async () => {
    expect(await faults((a) => a.edit(42, { kind: 'forged' }, 'own'))).toEqual([['forked', 42]]);
    expect(await faults((a) => a.edit(201, { kind: 'forged' }, 'own'))).toEqual([['forked', 201]]);
    expect(await faults((a) => a.edit(202, { kind: 'forged' }, 'own'))).toEqual([['forked', 202]]);
  });

  it('is found as a fork between two checkpoints when the whole tree is forged with it', async () => {
    const report = main(await after((a) => a.edit(42, { kind: 'forged' }, 'all')));
    expect(report.faults.map((f) => [f.kind, f.seq, f.entry])).toEqual([['forked', 40, row(40)]]);
    expect(report.faults[0]?.detail.en).toContain('40 to 49');
    // From 128 on the head still holds the genuine root of what came before, so later entries are proven again.
    expect(report.checkpointsUnproven).toBe(7);
    expect(report.checkpointsChecked).toBe(15);
  });

  it('is found as a fork also when the record is forged to match, and head and checkpoints are forged or removed', async () => {
    const forge = (a: Raw): void => {
      const body = { ...a.body('postings', 'p42'), text: 'forged' };
      a.set('postings', 'p42', body);
      a.edit(42, { commits: [{ collection: 'postings', id: 'p42', version: 1, hash: commitment('postings', 'p42', 1, body) }] }, 'all');
    };
    expect(await faults(forge)).toEqual([['forked', 40]]);
    const other = createSigner('jobs.example', key());
    const resign = (a: Raw): void => {
      forge(a);
      const frontier = a.rebuild();
      const note = other.sign({ origin: 'jobs.example/main', size: SIZE, root: Buffer.from(frontierRoot(frontier)).toString('base64') });
      a.db.exec(`DELETE FROM zp_checkpoints WHERE id LIKE 'main/%'`);
      a.db.prepare('INSERT INTO zp_checkpoints VALUES (?, 1, ?)').run(row(SIZE), JSON.stringify({ note }));
      a.set('evidenceHeads', 'main', {
        size: SIZE,
        frontier: frontier.map((h) => Buffer.from(h).toString('base64')),
        checkpoint: note,
        vkey: other.vkey,
        vkeys: [other.vkey],
      });
      a.db.exec(`UPDATE zp_evidenceHeads SET version=1 WHERE id='main'`);
    };
    // With the key out of the store the forgery agrees with itself, and the report says whose key that was.
    expect(main(await after(resign, { tenant: 'main' }))).toMatchObject({ ok: true, vkeySource: 'store', vkey: other.vkey });
    expect((await faults(resign)).map(([kind]) => kind)).toEqual(
      expect.arrayContaining(['unsigned', 'head-invalid', 'checkpoint-invalid']),
    );
    expect(await faults(resign, { tenant: 'main', against: kept })).toEqual([['checkpoint-invalid', undefined]]);
  });

  it('is found by an outside checkpoint even when the holder of the key signed it anew', async () => {
    const resign = (a: Raw): void => {
      const body = { ...a.body('postings', 'p42'), text: 'forged' };
      a.set('postings', 'p42', body);
      a.edit(42, { commits: [{ collection: 'postings', id: 'p42', version: 1, hash: commitment('postings', 'p42', 1, body) }] }, 'all');
      const sizes = a.db
        .prepare(`SELECT id FROM zp_checkpoints WHERE id LIKE 'main/%'`)
        .all()
        .map((r) => Number(String(r['id']).slice(5)));
      let frontier: Frontier = [];
      let note = '';
      for (let seq = 0; seq < SIZE; seq++) {
        frontier = appendLeaf(frontier, seq, leafHash(canonical(a.entry(seq)))).frontier;
        if (!sizes.includes(seq + 1)) continue;
        note = signer.sign({ origin: 'jobs.example/main', size: seq + 1, root: Buffer.from(frontierRoot(frontier)).toString('base64') });
        a.set('checkpoints', row(seq + 1), { note });
      }
      a.set('evidenceHeads', 'main', {
        ...a.body('evidenceHeads', 'main'),
        checkpoint: note,
        frontier: frontier.map((h) => Buffer.from(h).toString('base64')),
      });
    };
    expect(await faults(resign)).toEqual([]);
    expect(await faults(resign, { vkey: signer.vkey, against: kept })).toEqual([['forked', undefined]]);
    expect(await faults(resign, { vkey: signer.vkey, against: keptEarly })).toEqual([['forked', undefined]]);
  });
});

describe('a log cut short', () => {
  const cutRows = (a: Raw): void => a.db.exec(`DELETE FROM zp_evidence WHERE id >= '${row(180)}' AND id < 'main0'`);
  /** Everything the log's own tables say, back to size 180 with its genuine signature. */
  const rollBack = (a: Raw): void => {
    cutRows(a);
    a.db.exec(`DELETE FROM zp_checkpoints WHERE id > '${row(180)}' AND id < 'main0'`);
    const frontier = a.rebuild().map((h) => Buffer.from(h).toString('base64'));
    a.set('evidenceHeads', 'main', {
      ...a.body('evidenceHeads', 'main'),
      size: 180,
      frontier,
      checkpoint: a.body('checkpoints', row(180))['note'] ?? '',
    });
    a.db.exec(`UPDATE zp_evidenceHeads SET version=18 WHERE id='main'`);
  };

  it('is named with the first missing entry and how many', async () => {
    const report = main(await after(cutRows));
    expect(report.faults.filter((f) => f.kind === 'truncated').map((f) => [f.seq, f.detail.en])).toEqual([
      [180, 'The log ends after 180 entries while a signature speaks of 203: 23 missing'],
    ]);
    expect(report.faults[0]?.kind).toBe('truncated');
    expect(await faults((a) => a.drop('evidence', row(202)))).toEqual([['truncated', 202]]);
  });

  it('is seen by the records that later entries wrote, and by an outside checkpoint', async () => {
    const seen = await faults(rollBack);
    expect(seen).toContainEqual(['truncated', 180]);
    const whole = (a: Raw): void => {
      rollBack(a);
      a.db.exec(`DELETE FROM zp_postings WHERE json_extract(body, '$.evidence.seq') >= 180`);
    };
    expect((await faults(whole)).every(([kind]) => kind === 'record-missing')).toBe(true);
    expect(await faults(whole, { vkey: signer.vkey, against: kept })).toContainEqual(['truncated', 180]);
    expect(await faults(whole, { vkey: signer.vkey, against: keptEarly })).not.toContainEqual(['truncated', 180]);
  });

  it('is seen when only the head went back, or went away', async () => {
    const head = (a: Raw): void =>
      a.set('evidenceHeads', 'main', {
        ...a.body('evidenceHeads', 'main'),
        size: 180,
        checkpoint: a.body('checkpoints', row(180))['note'] ?? '',
      });
    expect(await faults(head)).toContainEqual(['truncated', 180]);
    expect(await faults((a) => a.drop('evidenceHeads', 'main'))).toEqual([['head-missing', undefined]]);
    const gone = (a: Raw): void => {
      a.drop('evidenceHeads', 'main');
      a.db.exec(
        `DELETE FROM zp_evidence WHERE id LIKE 'main/%'; DELETE FROM zp_checkpoints WHERE id LIKE 'main/%'; DELETE FROM zp_postings WHERE id LIKE 'p%'`,
      );
    };
    expect(await faults(gone, { vkey: signer.vkey, against: kept })).toEqual([
      ['truncated', 0],
      ['head-missing', undefined],
    ]);
    const report = await after((a) => a.db.exec(`DELETE FROM zp_evidenceHeads; DELETE FROM zp_evidence; DELETE FROM zp_checkpoints`));
    expect(report.ok).toBe(false);
    expect(report.tenants.map((t) => t.tenant).sort()).toEqual(['main', 'main.2']);
  });
});

describe('signatures', () => {
  it('are checked at every checkpoint, and none may be missing', async () => {
    const forged = (a: Raw): void =>
      a.set('checkpoints', row(60), { note: String(a.body('checkpoints', row(60))['note']).replace('\n60\n', '\n61\n') });
    expect(await faults(forged)).toEqual([['checkpoint-invalid', 59]]);
    const copied = (a: Raw): void => a.set('checkpoints', row(60), a.body('checkpoints', row(70)));
    expect(await faults(copied)).toEqual([['checkpoint-invalid', 59]]);
    expect(await faults((a) => a.set('checkpoints', row(60), []))).toEqual([['checkpoint-invalid', 59]]);
    expect(await faults((a) => a.db.prepare('UPDATE zp_checkpoints SET body=? WHERE id=?').run('{', row(60)))).toEqual([
      ['checkpoint-invalid', 59],
    ]);
    expect(await faults((a) => a.drop('checkpoints', row(60)))).toEqual([['checkpoint-missing', undefined]]);
    expect(await faults((a) => a.drop('checkpoints', row(SIZE)))).toEqual([['checkpoint-missing', SIZE - 1]]);
  });

  it('of another tenant do not count', async () => {
    const foreign = signer.sign({ origin: 'jobs.example/main.2', size: 60, root: Buffer.alloc(32).toString('base64') });
    expect(await faults((a) => a.set('checkpoints', row(60), { note: foreign }))).toEqual([['checkpoint-invalid', 59]]);
  });

  it('must cover every row', async () => {
    const append = (a: Raw): void => {
      const entry = { ...a.entry(202), seq: SIZE };
      a.db.prepare('INSERT INTO zp_evidence VALUES (?, 1, ?)').run(row(SIZE), JSON.stringify({ entry, nodes: [] }));
    };
    expect(await faults(append)).toEqual([['unsigned', SIZE]]);
    const far = (a: Raw): void => void a.db.prepare('INSERT INTO zp_evidence VALUES (?, 1, ?)').run(row(999_999_999_999), '{}');
    expect(await faults(far)).toEqual([['unsigned', 999_999_999_999]]);
    const odd = (a: Raw): void => void a.db.prepare('INSERT INTO zp_evidence VALUES (?, 1, ?)').run('main/x', '{}');
    expect(await faults(odd)).toEqual([['unsigned', undefined]]);
    const report = await after((a) => a.db.exec(`INSERT INTO zp_evidence VALUES ('ghost/000000000000', 1, '{}'), ('no-slash', 1, '{}')`));
    expect(report.tenants.filter((t) => !t.ok).map((t) => t.tenant)).toEqual(['ghost', '']);
  });

  it('do not save a head that says otherwise', async () => {
    const head = (change: JsonObject) => (a: Raw) => a.set('evidenceHeads', 'main', { ...a.body('evidenceHeads', 'main'), ...change });
    expect(await faults(head({ frontier: [] }))).toEqual([['head-invalid', undefined]]);
    expect(await faults(head({ size: 204 }))).toEqual([['head-invalid', undefined]]);
    expect(await faults(head({ checkpoint: 'x' }))).toEqual([['head-invalid', undefined]]);
    expect(await faults(head({ vkey: 'x' }))).toEqual([['head-invalid', undefined]]);
    expect(await faults((a) => a.set('evidenceHeads', 'main', null))).toEqual([['head-invalid', undefined]]);
  });
});

describe('a tampered record', () => {
  const change = (id: string, by: JsonObject) => (a: Raw) => a.set('postings', id, { ...a.body('postings', id), ...by });
  const without = (id: string, field: string) => (a: Raw) => {
    const { [field]: _dropped, ...rest } = a.body('postings', id);
    a.set('postings', id, rest);
  };

  it('is named with the entry that wrote it', async () => {
    expect(await faults(change('p77', { text: 'forged' }))).toEqual([['record-edited', 77]]);
    expect(await faults(change('p7', { text: 'forged' }))).toEqual([['record-edited', 157]]);
    expect(await faults(change('p77', { extra: 1 }))).toEqual([['record-edited', 77]]);
    expect(await faults(change('p77', { tenant: 'main.2' }))).toEqual([['record-edited', 77]]);
    expect(await faults((a) => a.db.exec(`UPDATE zp_postings SET version=9 WHERE id='p77'`))).toEqual([['record-edited', 77]]);
    expect(await faults((a) => a.drop('postings', 'p77'))).toEqual([['record-missing', 77]]);
    expect(await faults((a) => a.drop('postings', 'p7'))).toEqual([['record-missing', 157]]);
    expect(await faults((a) => a.drop('postings', 'p140'))).toEqual([['record-missing', 200]]);
  });

  it('is named when its evidence or its shape is spoilt', async () => {
    for (const evidence of ['x', null, [], {}, { seq: '77' }, { seq: -1 }])
      expect(await faults(change('p77', { evidence }))).toEqual([['record-edited', 77]]);
    expect(await faults(without('p77', 'evidence'))).toEqual([['record-edited', 77]]);
    expect(await faults(without('p77', 'tenant'))).toEqual([['record-edited', 77]]);
    for (const text of ['null', '[]', '5', '{"a":1e999}', '{']) {
      expect(await faults((a) => a.db.prepare(`UPDATE zp_postings SET body=? WHERE id='p77'`).run(text))).toEqual([['record-edited', 77]]);
    }
  });

  it('is named when an older version is back, or a removed record', async () => {
    const older = (a: Raw): void => {
      a.set('postings', 'p7', { ...a.body('postings', 'p7'), evidence: { seq: 7, salt: 'x' } });
      a.db.exec(`UPDATE zp_postings SET version=1 WHERE id='p7'`);
    };
    expect(await faults(older)).toContainEqual(['record-rolled-back', 157]);
    const back = (a: Raw): void =>
      a.db.exec(`INSERT INTO zp_postings SELECT 'p130', 1, json_set(body, '$.evidence.seq', 130) FROM zp_postings WHERE id='p50'`);
    expect(await faults(back)).toContainEqual(['record-rolled-back', 180]);
  });

  it('is named at both entries when two are swapped, bodies or whole rows', async () => {
    const swap = (a: Raw, [p, q]: readonly [string, string], columns: string): void => {
      a.db.exec(`CREATE TEMP TABLE two AS SELECT * FROM zp_postings WHERE id IN ('${p}', '${q}')`);
      for (const [to, from] of [
        [p, q],
        [q, p],
      ] as const) {
        a.db.exec(`UPDATE zp_postings SET (${columns}) = (SELECT ${columns} FROM two WHERE id='${from}') WHERE id='${to}'`);
      }
    };
    for (const [first, second, at, later] of [
      ['p77', 'p99', 77, 99],
      ['p99', 'p7', 99, 157],
      ['p7', 'p8', 157, 158],
    ] as const) {
      const wanted = [
        ['record-edited', at],
        ['record-rolled-back', later],
      ];
      expect(await faults((a) => swap(a, [first, second], 'body'))).toEqual(wanted);
      expect(await faults((a) => swap(a, [first, second], 'version, body'))).toEqual(wanted);
    }
    // The newest entry of p7 is gone with its claim: blaming an older one would name a wrong place.
    const lost = (a: Raw): void => {
      swap(a, ['p7', 'p8'], 'body');
      a.drop('evidence', row(157));
    };
    expect(await faults(lost)).toEqual([
      ['missing', 157],
      ['record-rolled-back', 158],
      ['record-unrecorded', 158],
    ]);
  });

  it('is named also when it says it belongs to another tenant, and only its own is verified', async () => {
    const strange = change('p77', { tenant: 'elsewhere', evidence: { seq: 400, salt: 'x' } });
    expect(await faults(strange)).toEqual([['record-edited', 77]]);
    expect(await faults(strange, { vkey: signer.vkey, tenant: 'main' })).toEqual([['record-edited', 77]]);
    // Removed here and made there is nobody's fault.
    const elsewhere = (a: Raw): void =>
      a.db.exec(
        `INSERT INTO zp_postings SELECT 'p143', 1, json_set(body, '$.tenant', 'elsewhere', '$.evidence.seq', 400) FROM zp_postings WHERE id='p50'`,
      );
    expect(await faults(elsewhere, { vkey: signer.vkey, tenant: 'main' })).toEqual([]);
  });

  it('is named when no entry wrote it', async () => {
    const copy = (a: Raw): void => a.db.exec(`INSERT INTO zp_postings SELECT 'copy', 1, body FROM zp_postings WHERE id='p50'`);
    expect(await faults(copy)).toEqual([['record-unrecorded', 50]]);
    const bare = (a: Raw): void => a.db.exec(`INSERT INTO zp_decisions VALUES ('d', 1, '{"tenant":"main"}')`);
    expect(await faults(bare)).toEqual([['record-unrecorded', undefined]]);
    const stranger = await after((a) => a.db.exec(`INSERT INTO zp_decisions VALUES ('d', 1, '{"tenant":"nobody"}'), ('e', 1, 'null')`));
    expect(stranger.tenants.filter((t) => !t.ok).map((t) => [t.tenant, t.faults.map((f) => f.kind)])).toEqual([
      ['nobody', ['record-unrecorded']],
      ['', ['record-unrecorded']],
    ]);
    const ahead = (a: Raw): void => a.db.exec(`INSERT INTO zp_decisions VALUES ('d', 1, '{"tenant":"main","evidence":{"seq":400}}')`);
    expect(await faults(ahead)).toEqual([['truncated', SIZE]]);
  });

  it('is one of at most a hundred listed, the rest counted', async () => {
    const report = main(await after((a) => a.db.exec(`UPDATE zp_postings SET body=json_set(body, '$.state', 'x') WHERE id LIKE 'p%'`)));
    expect(report.faults).toHaveLength(100);
    expect(report.more).toBe(33);
    expect(report.faults[0]?.seq).toBe(30);
    expect(report.faults.map((f) => f.seq)).toEqual(report.faults.map((f) => f.seq).sort((a, b) => Number(a) - Number(b)));
  });
});

describe('any single byte', () => {
  it('of an entry, record, checkpoint or head cannot change unseen', async () => {
    // A fixed sequence: a failure can be repeated.
    let state = 12_345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    let tried = 0;
    for (let round = 0; tried < 150; round++) {
      const table = (['evidence', 'postings', 'checkpoints', 'evidenceHeads'] as const)[round % 4] ?? 'evidence';
      let text = '';
      let changed = '';
      let id = '';
      const report = await after((a) => {
        const ids = a.db.prepare(`SELECT id FROM zp_${table} ORDER BY id`).all();
        id = String(ids[random(ids.length)]?.['id']);
        text = String(a.db.prepare(`SELECT body FROM zp_${table} WHERE id=?`).get(id)?.['body']);
        const bytes = Buffer.from(text);
        const at = random(bytes.length);
        bytes[at] = 32 + ((Number(bytes[at]) - 32 + 1 + random(94)) % 95);
        changed = bytes.toString('utf8');
        a.db.prepare(`UPDATE zp_${table} SET body=? WHERE id=?`).run(changed, id);
      });
      let equal = false;
      try {
        equal = canonical(JSON.parse(text) as Json) === canonical(JSON.parse(changed) as Json);
      } catch {
        // No longer JSON: not equal.
      }
      if (equal) continue;
      tried++;
      const own = report.tenants.flatMap((t) => t.faults);
      expect(report.ok, `${table} ${id}: ${changed}`).toBe(false);
      const seq = Number(id.split('/')[1]);
      if (table === 'evidence')
        expect(
          own.map((f) => f.seq),
          changed,
        ).toEqual([seq]);
      if (table === 'postings') expect(own[0]?.record?.id, changed).toBe(id);
    }
  });
});
