import type { CollectionDeclaration, Store } from '@zhengpin/core';
import { storeCrashConformance } from '@zhengpin/core/conformance';
import { afterEach, describe, it } from 'vitest';

import { mysqlStore } from '../../src/mysql.ts';
import { postgresStore } from '../../src/postgres.ts';
import { startPostgres } from './postgres-cluster.ts';
import type { PostgresNode } from './postgres-cluster.ts';
import { until } from './process.ts';
import { canStart, startServer } from './servers.ts';
import type { OwnServer } from './servers.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const open = (url: string, collections: readonly CollectionDeclaration[]): Store =>
  url.startsWith('mysql:') ? mysqlStore({ url, collections }) : postgresStore({ url, collections });

describe.each(['postgres', 'mysql'] as const)('a server that is killed (%s)', (kind) => {
  const can = process.env['ZP_HAMMER'] === '1' && canStart(kind);

  it.skipIf(!can).each(storeCrashConformance)('$name', { timeout: 180_000 }, async ({ run }) => {
    let declared: readonly CollectionDeclaration[] = [];
    let server: OwnServer | undefined;
    await run({
      async create(collections) {
        declared = collections;
        const started = await startServer(kind);
        server = started;
        ends.push(() => started.stop());
        return open(started.url, collections);
      },
      async crash(store) {
        await server?.kill();
        await store.close();
        await server?.start();
        return open(server?.url ?? '', declared);
      },
    });
  });
});

describe('a primary that is killed and its synchronous standby promoted', () => {
  const can = process.env['ZP_HAMMER'] === '1' && canStart('postgres');

  it.skipIf(!can).each(storeCrashConformance)('$name', { timeout: 180_000 }, async ({ run }) => {
    let declared: readonly CollectionDeclaration[] = [];
    let nodes: { readonly primary: PostgresNode; readonly standby: PostgresNode } | undefined;
    await run({
      async create(collections) {
        declared = collections;
        const primary = await startPostgres();
        ends.push(() => primary.stop());
        const standby = await primary.standby();
        ends.push(() => standby.stop());
        await primary.sql(`ALTER SYSTEM SET synchronous_standby_names = 'standby'`);
        await primary.sql('SELECT pg_reload_conf()');
        await until('the standby is waited for', 60_000, async () => {
          const [row] = await primary.sql('SELECT sync_state FROM pg_stat_replication');
          return row?.['sync_state'] === 'sync';
        });
        nodes = { primary, standby };
        return open(primary.url, collections);
      },
      async crash(store) {
        await nodes?.primary.kill();
        await store.close();
        await nodes?.standby.promote();
        return open(nodes?.standby.url ?? '', declared);
      },
    });
  });
});
