import { createTestClock, databaseClock, guardedStore, retained, verifyEvidence } from '@zhengpin/core';
import type { Actor, Disposed, RetentionDue, Store, TimeSource } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { createPlatform, employer, officer, operator, posting } from './platform.ts';
import type { Platform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const DAY = 86_400_000;
const second: Actor = { id: 'acct-officer-2', tenant: 'main', role: 'compliance-officer' };

describe('what the host has to do with retention', () => {
  let platform: Platform;
  let store: Store;
  let due: RetentionDue[];
  let disposed: Disposed[];
  let isDown: boolean;
  let sources: TimeSource[];

  beforeEach(async () => {
    store = memoryStore();
    [due, disposed, isDown, sources] = [[], [], false, []];
    platform = await createPlatform(store, createTestClock('2026-11-25T02:00:00.000Z'), {
      retention: {
        timeSources: sources,
        onRetentionDue: (event) => void due.push(event),
        async onDisposed(event) {
          if (isDown) throw new Error('the host is down');
          disposed.push(event);
        },
      },
    });
    await platform.compliance.tickRetention(operator);
  });

  async function ended(count = 1): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let i = 0; i < count; i++) {
      const { id } = await platform.compliance.submitPosting(employer, posting({ headcount: i + 1 }));
      await platform.compliance.withdrawPosting(employer, id);
      ids.push(id);
    }
    await platform.compliance.settleServices(operator);
    return ids;
  }

  async function pass(days: number): Promise<void> {
    for (let left = days; left > 0; left -= 30) {
      platform.clock.advance(Math.min(30, left) * DAY);
      await platform.compliance.tickRetention(operator);
    }
  }

  async function approved(): Promise<string> {
    const { id = '' } = await platform.compliance.planDisposal(operator, { record: true });
    for (const by of [officer, second]) await platform.compliance.approveDisposal(by, id);
    return id;
  }

  describe('events', () => {
    it('tell what is due before anybody approves, and what is gone afterwards, once each', async () => {
      const ids = await ended(130);
      await pass(1100);
      expect(due).toEqual([]);
      const plan = await approved();
      expect(due).toHaveLength(100);
      expect(due[0]).toEqual({
        id: `due.${plan}.${due[0]?.service}`,
        tenant: 'main',
        service: due[0]?.service,
        organisation: 'org-firm',
        postings: [due[0]?.service],
        completedOn: '2026-11-25',
        retainUntil: '2029-11-25',
        plan,
      });
      expect(disposed).toEqual([]);
      await platform.compliance.applyDisposal(operator, plan);
      expect(new Set(disposed.map(({ id }) => id)).size).toBe(100);
      expect(disposed.every(({ id, service, postings }) => id === `disposed.${service}` && postings[0] === service)).toBe(true);
      expect(ids).toContain(disposed[0]?.service);
      // Nothing waits any more, and nothing comes again.
      expect((await store.find('retentionEvents', { limit: 10 })).records).toEqual([]);
      await platform.compliance.tickRetention(operator);
      expect(disposed).toHaveLength(100);
      expect(await verifyEvidence(store)).toMatchObject({ ok: true });
    });

    it('that the host does not take wait for it, with the same ids', async () => {
      const [id = ''] = await ended();
      await pass(1100);
      isDown = true;
      await platform.compliance.applyDisposal(operator, await approved());
      expect(await store.get('postings', id)).toBeUndefined();
      expect(await platform.compliance.tickRetention(operator)).toEqual({ anomalies: [], undelivered: 1 });
      isDown = false;
      // Another process, started later, knows of it just as well.
      expect(await platform.compliance.tickRetention(operator)).toEqual({ anomalies: [], undelivered: 0 });
      expect(disposed).toMatchObject([{ id: `disposed.${id}`, service: id }]);
    });

    it('are told again when the word that they were taken is lost', async () => {
      const [id = ''] = await ended();
      await pass(1100);
      const plan = await approved();
      const { commit } = store;
      store.commit = async (changes) => {
        if (changes.some(({ collection, body }) => collection === 'retentionEvents' && body === undefined)) throw new Error('cut');
        await commit.call(store, changes);
      };
      await expect(platform.compliance.applyDisposal(operator, plan)).rejects.toThrow('cut');
      store.commit = commit;
      await platform.compliance.tickRetention(operator);
      expect(disposed.map((event) => event.id)).toEqual([`disposed.${id}`, `disposed.${id}`]);
      await platform.compliance.tickRetention(operator);
      expect(disposed).toHaveLength(2);
    });
  });

  it('keeps its own rows as long as their posting, and removes them when it goes', async () => {
    const [id = ''] = await ended();
    const rows = new Map([
      ['app-1', id],
      ['app-2', id],
      ['app-3', 'another'],
    ]);
    const applications = retained(platform.compliance, {
      tenant: 'main',
      postingOf: async (row) => rows.get(row),
      rowsOf: async (about) => [...rows].filter(([, one]) => one === about).map(([row]) => row),
      remove: async (row) => void rows.delete(row),
    });
    await expect(applications.remove('app-1')).rejects.toMatchObject({ code: 'ZP_RETAINED' });
    await expect(applications.remove('app-9')).rejects.toMatchObject({ code: 'ZP_NOT_FOUND' });
    await pass(1100);
    // Due is not disposed of, and an event that says so before it is so is not believed.
    await expect(applications.remove('app-1')).rejects.toMatchObject({ code: 'ZP_RETAINED' });
    const early: Disposed = { id: 'x', tenant: 'main', service: id, organisation: 'org-firm', postings: [id], plan: 'p', disposedAt: '' };
    await expect(applications.disposed(early)).rejects.toMatchObject({ code: 'ZP_RETAINED' });
    expect(rows.size).toBe(3);
    await platform.compliance.applyDisposal(operator, await approved());
    for (const event of [...disposed, ...disposed]) await applications.disposed(event);
    expect([...rows.keys()]).toEqual(['app-3']);
  });

  it('finds the certificate of every posting of a service with several, and may then delete its own copies', async () => {
    const ids: string[] = [];
    for (let i = 1; i <= 3; i++) ids.push((await platform.compliance.submitPosting(employer, posting({ headcount: i }))).id);
    const { id: service } = await platform.compliance.openService(operator, { kind: 'fair', organisation: 'org-firm', postings: ids });
    for (const id of ids) await platform.compliance.withdrawPosting(employer, id);
    await platform.compliance.settleServices(operator);
    await pass(1100);
    await platform.compliance.applyDisposal(operator, await approved());
    for (const id of ids) {
      await expect(platform.compliance.assertDeletable('main', id)).resolves.toBeUndefined();
      expect(await platform.compliance.retentionOf(officer, id)).toMatchObject({ state: 'disposed', service });
    }
    expect(disposed).toMatchObject([{ service, postings: ids }]);
  });

  describe('a store in its hands', () => {
    it('removes nothing that is kept, alone or among other changes', async () => {
      const [id = ''] = await ended();
      const guarded = guardedStore(store);
      const version = async (collection: string, of: string): Promise<number> => (await store.get(collection, of))?.version ?? 0;
      for (const [collection, of] of [
        ['postings', id],
        ['postingVersions', `${id}.1`],
        ['services', id],
        ['serviceLinks', id],
        ['operators', 'main'],
      ] as const) {
        const removal = { collection, id: of, expectedVersion: await version(collection, of) };
        await expect(guarded.commit([removal])).rejects.toMatchObject({ code: 'ZP_RETAINED' });
        // Somebody else's certificate is none for this.
        const certificate = { collection: 'disposalCertificates', id: 'other', expectedVersion: 0, body: { tenant: 'main', postings: [] } };
        if (!['postingVersions'].includes(collection))
          await expect(guarded.commit([removal, certificate])).rejects.toMatchObject({ code: 'ZP_RETAINED' });
        expect(await store.get(collection, of)).toBeDefined();
      }
      // The kit's own housekeeping goes on.
      await guarded.commit([{ collection: 'idempotency', id: 'x', expectedVersion: 0, body: { expiresAt: '2026-01-01' } }]);
      await guarded.commit([{ collection: 'idempotency', id: 'x', expectedVersion: 1 }]);
    });
  });

  describe('clocks outside', () => {
    const at = (ms: number): TimeSource => databaseClock({ serverTime: async () => ms });

    it('that agree change nothing', async () => {
      sources.push(at(platform.clock.now() + 30_000), { name: 'nothing yet', read: async () => undefined });
      expect((await platform.compliance.planDisposal(operator, {})).anomalies).toEqual([]);
    });

    it.each([
      ['a day ahead', DAY],
      ['a day behind', -DAY],
      ['no number', Number.NaN],
    ])('that say otherwise pause disposal: %s', async (_name, off) => {
      sources.push(at(platform.clock.now() + off));
      expect((await platform.compliance.planDisposal(operator, {})).anomalies).toEqual(['clock-disputed']);
      await expect(platform.compliance.planDisposal(operator, { record: true })).rejects.toMatchObject({ code: 'ZP_RETENTION_PAUSED' });
      // Two persons cannot overrule what goes on contradicting them.
      for (const by of [operator, officer]) await platform.compliance.confirmTime(by, { today: '2026-11-25', reference: 'CLOCK-1' });
      expect((await platform.compliance.planDisposal(operator, {})).anomalies).toEqual(['clock-disputed']);
    });

    it('that are silent pause it too', async () => {
      sources.push({ name: 'down', read: () => Promise.reject(new Error('down')) });
      expect((await platform.compliance.planDisposal(operator, {})).anomalies).toEqual(['clock-unconfirmed']);
    });

    it('that only prove a moment has passed see a clock set back, and not one set forward', async () => {
      sources.push({ name: 'witness', read: async () => ({ notBefore: Date.parse('2026-11-26T00:00:00Z') }) });
      expect((await platform.compliance.planDisposal(operator, {})).anomalies).toEqual(['clock-disputed']);
      platform.clock.advance(2 * DAY);
      expect((await platform.compliance.planDisposal(operator, {})).anomalies).toEqual([]);
    });
  });

  it('settles only what ended since the last time, and everything after a clock that had jumped', async () => {
    await ended(3);
    const { find } = store;
    let seen = 0;
    store.find = async (collection, query) => {
      const page = await find.call(store, collection, query);
      if (collection === 'postings' && query.range?.field === 'updatedAt' && query.where?.['state'] === 'withdrawn')
        seen += page.records.length;
      return page;
    };
    platform.clock.advance(3 * DAY);
    expect(await platform.compliance.settleServices(operator)).toEqual({ opened: 0, completed: 0 });
    seen = 0;
    platform.clock.advance(3 * DAY);
    await ended(1);
    expect(seen).toBe(1);
    // Settled by a clock years ahead: afterwards nothing is left out.
    platform.clock.advance(1000 * DAY);
    await platform.compliance.settleServices(operator);
    platform.clock.advance(-999 * DAY);
    const { id } = await platform.compliance.submitPosting(employer, posting({ headcount: 9 }));
    await platform.compliance.withdrawPosting(employer, id);
    expect(await platform.compliance.settleServices(operator)).toMatchObject({ opened: 1 });
  });
});
