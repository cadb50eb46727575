import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Load } from './load.ts';
import { readJournals } from './check.ts';
import type { Journals } from './check.ts';
import { end, isRunning } from './process.ts';
import type { WorkerOptions } from './worker.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

export interface Worker {
  readonly process: ChildProcess;
  readonly journal: string;
  /** The name it has as holder of the lease, once it has held it. */
  holder(): string | undefined;
  readonly exited: Promise<unknown>;
  kill(): Promise<void>;
}

/** Worker processes and what is known of them outside the store: the signing key and the journals. */
export interface Team {
  readonly privateKeyPem: string;
  start(url: string, more: Pick<WorkerOptions, 'writers' | 'commits' | 'ttlMs'> & Load): Worker;
  journals(): Journals;
  /** Lines a worker wrote about commits acknowledged to it. */
  acknowledged(worker: Worker): number;
  /** Forget the journals of a store that is gone. */
  forget(): void;
  /** Kill whoever still runs and take the files away. */
  end(): Promise<void>;
}

export function createTeam(): Team {
  const make = (): string => mkdtempSync(join(tmpdir(), 'zp-team-'));
  let folder = make();
  const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const workers: Worker[] = [];
  let started = 0;
  return {
    privateKeyPem,
    start(url, more) {
      const name = `w${started++}`;
      const key = join(folder, 'key.pem');
      if (!existsSync(key)) writeFileSync(key, privateKeyPem, { mode: 0o600 });
      const journal = join(folder, `${name}.journal`);
      const options: WorkerOptions = { name, url, key, journal, ...more };
      const child = spawn(process.execPath, ['--conditions=@zhengpin/source', WORKER, JSON.stringify(options)], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      let holder: string | undefined;
      child.on('message', (message: { readonly holder?: string }) => {
        holder = message.holder ?? holder;
      });
      const worker = { process: child, journal, holder: () => holder, exited: once(child, 'exit'), kill: () => end(child, 'SIGKILL') };
      workers.push(worker);
      return worker;
    },
    journals: () => readJournals(folder),
    acknowledged: ({ journal }) => (existsSync(journal) ? readFileSync(journal, 'utf8').split('{"own"').length - 1 : 0),
    forget() {
      rmSync(folder, { recursive: true, force: true });
      folder = make();
    },
    async end() {
      await Promise.all(workers.filter((worker) => isRunning(worker.process)).map((worker) => worker.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
