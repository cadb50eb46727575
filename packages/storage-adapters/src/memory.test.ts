import type { CollectionDeclaration, Store } from '@zhengpin/core';
import { storeConformance } from '@zhengpin/core/conformance';
import { storeModel } from '@zhengpin/core/conformance/model';
import { describe, expect, it } from 'vitest';

import { memoryStore } from './memory.ts';

describe('the memory store', () => {
  for (const c of storeConformance) it(c.name, () => c.run({ create: async (collections) => memoryStore({ collections }) }));
  it('is no different from a map, whatever is done to it', () =>
    storeModel({ create: async (collections) => memoryStore({ collections }) }, { runs: 200 }));

  it('refuses unknown options', () => {
    const unknown = { path: 'x', collections: [] };
    expect(() => memoryStore(unknown)).toThrow(/ZP_OPTION_INVALID: not valid: option path/);
  });
});

describe('the model of a store', () => {
  const lawful = (collections: readonly CollectionDeclaration[]): Store => memoryStore({ collections });
  const broken: readonly [string, (store: Store) => Partial<Store>][] = [
    [
      'takes an open bound for a closed one',
      (store) => ({
        find: (name, query) =>
          store.find(name, query.range?.gt === undefined ? query : { ...query, range: { field: query.range.field, gte: query.range.gt } }),
      }),
    ],
    [
      'writes half a commit that it refuses',
      (store) => ({
        async commit(changes) {
          try {
            await store.commit(changes);
          } catch (error) {
            await store.commit(changes.slice(0, 1)).catch(() => undefined);
            throw error;
          }
        },
      }),
    ],
    [
      'skips a record where a page begins',
      (store) => ({
        async find(name, query) {
          const page = await store.find(name, query);
          return query.cursor === undefined ? page : { ...page, records: page.records.slice(1) };
        },
      }),
    ],
  ];

  it.each(broken)('finds a store that %s', async (_what, fault) => {
    const create = async (collections: readonly CollectionDeclaration[]): Promise<Store> => {
      const store = lawful(collections);
      return { ...store, ...fault(store) };
    };
    await expect(storeModel({ create }, { runs: 300 })).rejects.toThrow(/replayPath/);
  });
});
