import type { Store } from '@zhengpin/core';
import { storeConformance } from '@zhengpin/core/conformance';
import { storeModel } from '@zhengpin/core/conformance/model';
import type { StoreUnderTest } from '@zhengpin/core/conformance';
import { createPool } from 'mysql2/promise';
import type { Pool } from 'mysql2/promise';
import { afterAll, it } from 'vitest';

import { mysqlStore } from '../../src/mysql.ts';
import type { MysqlStoreOptions } from '../../src/mysql.ts';
import { describeMysql, newDatabase } from './server.ts';

const pools: Pool[] = [];
afterAll(async () => {
  for (const pool of pools) await pool.end();
});

/** Each case over a database of its own. */
function subject(optionsFor: (url: string) => MysqlStoreOptions): StoreUnderTest {
  const opened = new WeakMap<Store, MysqlStoreOptions>();
  const start = (options: MysqlStoreOptions): Store => {
    const store = mysqlStore(options);
    opened.set(store, options);
    return store;
  };
  return {
    create: async (collections) => start({ ...optionsFor(await newDatabase()), collections }),
    reopen: async (closed) => start(opened.get(closed) ?? {}),
  };
}

describeMysql('the MySQL store', () => {
  for (const c of storeConformance) it(c.name, () => c.run(subject((url) => ({ url }))));
  it('is no different from a map, whatever is done to it', () =>
    storeModel(
      subject((url) => ({ url })),
      { runs: 15 },
    ));
});

describeMysql('the MySQL store over a pool of the host that takes one statement at a time', () => {
  const options = (url: string): MysqlStoreOptions => {
    const pool = createPool({ uri: url, rowsAsArray: true, charset: 'latin1', bigNumberStrings: true, supportBigNumbers: true });
    pools.push(pool);
    return { pool };
  };
  for (const c of storeConformance) it(c.name, () => c.run(subject(options)));
});
