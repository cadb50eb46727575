import assert from 'node:assert/strict';

import type { Change, CollectionDeclaration, Store } from '../kernel/store.ts';
import type { StoreConformanceCase, StoreUnderTest } from './store.ts';

/** A store whose process, server or primary can be ended at a blow (可断电的存储). */
export interface StoreUnderCrash extends StoreUnderTest {
  /**
   * End at once what holds the data: kill the server, kill the primary and promote its synchronous copy, or take the
   * files as they are at this moment. Nothing is closed first. @returns a store over what is there afterwards
   */
  crash(store: Store): Promise<Store>;
}

export interface StoreCrashCase extends Omit<StoreConformanceCase, 'run'> {
  /** Rejects with an AssertionError when the promise is not kept. */
  run(subject: StoreUnderCrash): Promise<void>;
}

const COLLECTIONS: readonly CollectionDeclaration[] = [{ name: 'things', fields: ['kind', 'n'], indexes: [['kind', 'n']] }];
const WRITERS = 6;
const ACKNOWLEDGED = 40;

/** Record `shared` counts up, and each commit leaves a record that says to how much. */
function countUp(n: number, by: string): readonly Change[] {
  return [
    { collection: 'things', id: 'shared', expectedVersion: n - 1, body: { kind: 'shared', n } },
    { collection: 'things', id: `${by}-${n}`, expectedVersion: 0, body: { kind: 'own', n } },
  ];
}

/** A store that answers without waiting must not keep everybody else from their turn. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function own(store: Store): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await store.find('things', { where: { kind: 'own' }, limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...page.records.map(({ id }) => id));
    cursor = page.cursor;
    if (cursor === undefined) return ids;
  }
}

/** Whether what is there is what the acknowledged commits wrote, and of the others each wholly or not at all. */
async function assertWhole(store: Store, acknowledged: readonly string[]): Promise<number> {
  const shared = await store.get('things', 'shared');
  const there = await own(store);
  const n = shared?.version ?? 0;
  assert.equal(Number(shared?.body['n'] ?? 0), n, 'the shared record is not at the version its body says');
  assert.deepEqual(
    acknowledged.filter((id) => !there.includes(id)),
    [],
    'acknowledged and lost',
  );
  const counted = there.map((id) => Number(id.split('-').at(-1))).sort((a, b) => a - b);
  assert.deepEqual(
    counted,
    Array.from({ length: n }, (_, i) => i + 1),
    'a commit is there by half, or twice',
  );
  return n;
}

/** What a durable store must keep when it is ended at a blow (断电清单); run it once for each way that can happen. */
export const storeCrashConformance: readonly StoreCrashCase[] = [
  {
    name: 'keeps what was acknowledged when it is ended between two commits, and goes on from there',
    async run(subject) {
      const store = await subject.create(COLLECTIONS);
      const acknowledged: string[] = [];
      for (let n = 1; n <= 5; n++) {
        await store.commit(countUp(n, 'a'));
        acknowledged.push(`a-${n}`);
      }
      const again = await subject.crash(store);
      try {
        assert.equal(await assertWhole(again, acknowledged), 5);
        await again.commit(countUp(6, 'b'));
        assert.equal(await assertWhole(again, [...acknowledged, 'b-6']), 6);
      } finally {
        await again.close();
      }
    },
  },
  {
    name: 'keeps every acknowledged commit whole, and no other by half, when it is ended amid many',
    async run(subject) {
      const store = await subject.create(COLLECTIONS);
      const acknowledged: string[] = [];
      let stop = false;
      const writers = Array.from({ length: WRITERS }, async (_, writer) => {
        while (!stop) {
          try {
            const n = ((await store.get('things', 'shared'))?.version ?? 0) + 1;
            const by = `w${writer}`;
            await store.commit(countUp(n, by));
            if (!stop) acknowledged.push(`${by}-${n}`);
          } catch {
            // Overtaken by another writer, or by the end of the store.
          }
          await nextTurn();
        }
      });
      while (acknowledged.length < ACKNOWLEDGED) await nextTurn();
      const again = await subject.crash(store);
      stop = true;
      await Promise.all(writers);
      try {
        const n = await assertWhole(again, acknowledged);
        await again.commit(countUp(n + 1, 'after'));
        await assertWhole(again, [...acknowledged, `after-${n + 1}`]);
      } finally {
        await again.close();
      }
    },
  },
];
