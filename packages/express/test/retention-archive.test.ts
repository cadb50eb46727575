import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createTestClock, memoryKeys, verifyEvidence } from '@zhengpin/core';
import type { Actor, Archive, Store } from '@zhengpin/core';
import { filesystemArchive } from '@zhengpin/storage-adapters/filesystem';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import express from 'express';
import request from 'supertest';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { complianceRouter } from '../src/index.ts';
import { auditor, createPlatform, employer, inspector, officer, operator, posting, reviewer } from './platform.ts';
import type { Platform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const DAY = 86_400_000;
const SECRET = '海淀区示例胡同八号院';
const second: Actor = { id: 'acct-officer-2', tenant: 'main', role: 'compliance-officer' };

describe('the archive of what is retained', () => {
  let platform: Platform;
  let store: Store;
  let archive: Archive;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'zp-retained-'));
    store = memoryStore();
    archive = filesystemArchive({ directory: folder });
    platform = await createPlatform(store, createTestClock('2026-11-25T02:00:00.000Z'), {
      keys: memoryKeys(),
      retention: { archive },
    });
    await platform.compliance.tickRetention(operator);
  });

  async function submitted(title = '后端工程师'): Promise<string> {
    const { id } = await platform.compliance.submitPosting(employer, posting({ title, place: { city: '北京', address: SECRET } }));
    return id;
  }

  async function ended(title?: string): Promise<string> {
    const id = await submitted(title);
    await platform.compliance.withdrawPosting(employer, id);
    await platform.compliance.settleServices(operator);
    return id;
  }

  async function pass(days: number): Promise<void> {
    for (let left = days; left > 0; left -= 30) {
      platform.clock.advance(Math.min(30, left) * DAY);
      await platform.compliance.tickRetention(operator);
      await platform.compliance.archiveRetained(operator);
    }
  }

  async function dispose(): Promise<void> {
    const { id = '' } = await platform.compliance.planDisposal(operator, { record: true });
    for (const by of [officer, second]) await platform.compliance.approveDisposal(by, id);
    await platform.compliance.applyDisposal(operator, id);
  }

  /** Keys of the archive with the day their lock ends. */
  async function locks(): Promise<Readonly<Record<string, string>>> {
    const found: Record<string, string> = {};
    for (const { key } of (await archive.list('retained/main/')).entries)
      found[key] = (await archive.stat(key))?.retainUntil?.slice(0, 10) ?? 'none';
    return found;
  }

  function fileOf(key: string): string {
    const name = key.split('/').at(-1) ?? '';
    const path = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((one) => one.endsWith(name));
    return join(folder, path ?? '');
  }

  it('takes an open service under a short lock, and locks every copy to the last day once it is complete', async () => {
    const id = await submitted();
    const { id: service } = await platform.compliance.openService(operator, {
      kind: 'introduce',
      organisation: 'org-firm',
      postings: [id],
    });
    expect(await platform.compliance.archiveRetained(operator)).toEqual({ segments: 1, services: 1, extended: 0, removed: 0, more: false });
    // Ninety days after 25 November 2026.
    expect(Object.values(await locks())).toEqual(['2027-02-23']);
    // While it lasts, the lock is renewed before it ends; until then there is nothing to do.
    expect(await platform.compliance.archiveRetained(operator)).toMatchObject({ segments: 0, extended: 0 });
    await pass(90);
    expect(Object.values(await locks())[0]).toBe('2027-04-24');

    await platform.compliance.withdrawPosting(employer, id);
    expect(await platform.compliance.settleServices(operator)).toMatchObject({ completed: 1 });
    expect(await platform.compliance.archiveRetained(operator)).toMatchObject({ segments: 1, services: 1, extended: 1 });
    const { retainUntil = '' } = await platform.compliance.retentionOf(officer, id);
    expect(retainUntil).toBe('2030-02-23');
    expect(Object.values(await locks())).toEqual([retainUntil, retainUntil]);
    // The storage itself refuses, by the time it is told.
    for (const key of Object.keys(await locks()))
      await expect(archive.remove(key, '2030-02-23T02:00:00.000Z')).rejects.toMatchObject({ code: 'ZP_STATE' });
    expect((await store.get('services', service))?.body).toMatchObject({ archive: 'kept' });
  });

  it('keeps what is sealed sealed, and nothing in clear', async () => {
    await ended();
    await platform.compliance.archiveRetained(operator);
    const [key = ''] = Object.keys(await locks());
    const text = readFileSync(fileOf(key), 'utf8');
    expect(text).toContain('"collection":"postingVersions"');
    expect(text).not.toContain(SECRET);
  });

  it('removes a segment when nothing of it is kept any more, and not a day before; what is held stays', async () => {
    const id = await ended();
    await platform.compliance.archiveRetained(operator);
    const hold = await platform.compliance.setHold(officer, { kind: 'inspection', scope: `posting.${id}`, reference: 'CASE-1' });
    await pass(1097);
    await dispose();
    // Due and held: neither disposed of nor let go in the archive.
    expect(Object.values(await locks())[0]?.localeCompare('2029-12-26')).toBe(1);
    for (const by of [officer, second]) await platform.compliance.releaseHold(by, hold.id, { reference: 'CASE-1' });
    await dispose();
    const certificate = (await platform.compliance.getCertificate(inspector, id)).body;
    expect(certificate.remains).toContain('archive');
    expect(certificate.segments).toHaveLength(1);
    await pass(120);
    expect(await locks()).toEqual({});
    expect((await store.get('segments', certificate.segments[0] ?? ''))?.body).toMatchObject({ state: 'removed' });
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });
  });

  it('locks nothing by a clock that has jumped: a lock cannot be taken back', async () => {
    await ended();
    platform.clock.advance(4000 * DAY);
    await expect(platform.compliance.archiveRetained(operator)).rejects.toMatchObject({ code: 'ZP_RETENTION_PAUSED' });
    expect(await locks()).toEqual({});
  });

  it('goes on where it was interrupted between the archive and the record', async () => {
    await ended();
    const { commit } = store;
    store.commit = () => Promise.reject(new Error('cut'));
    await expect(platform.compliance.archiveRetained(operator)).rejects.toThrow('cut');
    store.commit = commit;
    expect(Object.keys(await locks())).toHaveLength(1);
    expect(await platform.compliance.archiveRetained(operator)).toMatchObject({ segments: 1, services: 1 });
    // The same content has the same name.
    expect(Object.keys(await locks())).toHaveLength(1);
    expect(await platform.compliance.drillRetention(operator, {})).toMatchObject({ ok: true, segments: 1, faults: [] });
  });

  describe('a drill', () => {
    let id: string;
    let key: string;

    beforeEach(async () => {
      id = await ended();
      await ended('测试工程师');
      await platform.compliance.archiveRetained(operator);
      key = Object.keys(await locks())[0] ?? '';
    });

    it('has a month back, checks all of it against the log, and is on record, over HTTP', async () => {
      const app = express().use('/compliance', complianceRouter(platform.compliance));
      const bearer = async (by: Actor): Promise<string> => `Bearer ${await platform.token(by)}`;
      const done = await request(app)
        .post('/compliance/retention/drills')
        .set('Authorization', await bearer(operator))
        .send({ month: '2026-11' });
      expect(done.body).toMatchObject({ month: '2026-11', ok: true, segments: 1, services: 2, sampled: false, faults: [] });
      // Each posting with its version, screening decision and review, and each service.
      expect(done.body.records).toBe(10);
      const listed = await request(app)
        .get('/compliance/retention/drills')
        .set('Authorization', await bearer(auditor));
      expect(listed.body.items).toMatchObject([{ id: done.body.id, body: { ok: true, by: operator.id } }]);
      const nothing = await request(app)
        .post('/compliance/retention/drills')
        .set('Authorization', await bearer(operator))
        .send({ month: '2026-10' });
      expect(nothing.status).toBe(404);
      const wrong = await request(app)
        .post('/compliance/retention/drills')
        .set('Authorization', await bearer(operator))
        .send({ month: '2026-13' });
      expect(wrong.status).toBe(422);
      const forbidden = await request(app)
        .post('/compliance/retention/segments')
        .set('Authorization', await bearer(reviewer))
        .send({});
      expect(forbidden.status).toBe(403);
    });

    async function faults(): Promise<readonly string[]> {
      const { ok, faults: found } = await platform.compliance.drillRetention(operator, { month: '2026-11' });
      expect(ok).toBe(found.every(({ kind }) => kind === 'unknown'));
      return [...new Set(found.map(({ kind }) => kind))];
    }

    it('finds a segment that is gone', async () => {
      rmSync(fileOf(key));
      expect(await faults()).toEqual(['missing']);
    });

    it('finds bytes that were changed', async () => {
      const file = fileOf(key);
      chmodSync(file, 0o600);
      writeFileSync(file, readFileSync(file, 'utf8').replace('"headcount"', '"headCount"').replace('withdrawn', 'withdrawm'));
      expect(await faults()).toEqual(['altered']);
    });

    it('finds records nobody committed to, even where the segment on record was forged with them', async () => {
      const [row] = (await store.find('segments', { limit: 1 })).records;
      const forged = Buffer.from(readFileSync(fileOf(key), 'utf8').replaceAll('"withdrawn"', '"published"'));
      const sha256 = createHash('sha256').update(forged).digest('hex');
      const other = `retained/main/2026-11/${sha256.slice(0, 32)}.jsonl`;
      await archive.put(other, forged, { retainUntil: '2029-11-25' });
      await store.commit([
        { collection: 'segments', id: row?.id ?? '', expectedVersion: row?.version ?? 0, body: { ...row?.body, key: other, sha256 } },
      ]);
      expect(await faults()).toEqual(['unvouched', 'unknown']);
    });

    /** The segment on record names an object of other bytes, as if it had always been that. */
    async function forge(change: (text: string) => string): Promise<void> {
      const [row] = (await store.find('segments', { limit: 1 })).records;
      const bytes = Buffer.from(change(readFileSync(fileOf(key), 'utf8')));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await archive.put('retained/main/2026-11/forged.jsonl', bytes, { retainUntil: '2029-11-25' });
      const body = { ...row?.body, key: 'retained/main/2026-11/forged.jsonl', sha256 };
      await store.commit([{ collection: 'segments', id: row?.id ?? '', expectedVersion: row?.version ?? 0, body }]);
    }

    it('finds a version that is not there any more', async () => {
      const without = (text: string): string =>
        text
          .split('\n')
          .filter((line) => !line.includes('"collection":"postingVersions"'))
          .join('\n');
      await forge(without);
      expect(await faults()).toEqual(['incomplete', 'unknown']);
    });

    it('finds what is no segment', async () => {
      await forge((text) => text.replace('zhengpin-retained/1', 'something-else'));
      expect(await faults()).toEqual(['unreadable', 'unknown']);
    });

    it('finds an object that is on no record, and calls that no fault of what is', async () => {
      await archive.put('retained/main/2026-11/stray.jsonl', Buffer.from('{}\n'));
      expect(await faults()).toEqual(['unknown']);
    });

    it('finds that what is sealed does not open any more', async () => {
      const keyRow = await store.get('subjectKeys', 'main/organisation.org-firm');
      await store.commit([
        { collection: 'subjectKeys', id: keyRow?.id ?? '', expectedVersion: keyRow?.version ?? 0, body: { ...keyRow?.body, key: 'AAAA' } },
      ]);
      expect(await faults()).toEqual(['unopened']);
    });

    it('finds a lock that does not last as long as the record says', async () => {
      const [row] = (await store.find('segments', { limit: 1 })).records;
      await store.commit([
        {
          collection: 'segments',
          id: row?.id ?? '',
          expectedVersion: row?.version ?? 0,
          body: { ...row?.body, lockedUntil: '2031-01-01' },
        },
      ]);
      expect(await faults()).toEqual(['unlocked']);
    });

    it('is refused without an archive', async () => {
      const bare = await createPlatform(memoryStore(), createTestClock('2026-11-25T02:00:00.000Z'));
      await expect(bare.compliance.drillRetention(operator, {})).rejects.toMatchObject({ code: 'ZP_STATE' });
      await expect(bare.compliance.archiveRetained(operator)).rejects.toMatchObject({ code: 'ZP_STATE' });
      expect(id).toBeTruthy();
    });
  });
});
