// A Galera cluster of three nodes on this machine: prints their addresses, stops on Ctrl-C.
//   npx node packages/storage-adapters/test/galera/run.ts
import { once } from 'node:events';

import { startCluster } from './cluster.ts';

const cluster = await startCluster();
process.stdout.write(`${cluster.urls.join('\n')}\n`);
const alive = setInterval(() => undefined, 1 << 30);
await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
clearInterval(alive);
await cluster.stop();
