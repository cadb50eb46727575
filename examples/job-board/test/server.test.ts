import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

const example = fileURLToPath(new URL('..', import.meta.url));

it(
  'boots, does its daily work without a word on stderr, archives, guards its own table, and stops when told',
  { timeout: 120_000 },
  async () => {
    const dir = mkdtempSync(join(tmpdir(), 'zp-server-'));
    const server = spawn(process.execPath, ['--conditions=@zhengpin/source', 'src/main.ts'], {
      cwd: example,
      env: { ...process.env, PORT: '0', DATA_DIR: dir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(server, 'exit');
    let errors = '';
    server.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const segments = (): readonly string[] =>
      readdirSync(join(dir, 'archive'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'));
    try {
      for (let tries = 0; tries < 400 && server.exitCode === null && errors === ''; tries++) {
        const isThere = readdirSync(dir).includes('archive') && segments().length > 0;
        if (isThere) break;
        await sleep(100);
      }
      expect(errors).toBe('');
      expect(segments().length).toBeGreaterThan(0);
      const database = new DatabaseSync(join(dir, 'board.db'), { timeout: 5000 });
      database.exec("INSERT INTO board_applications VALUES ('a', 'posting-nobody-disposed-of', 's', '2026-11-25', NULL, 1)");
      expect(() => database.exec('DELETE FROM board_applications')).toThrow(/ZP_RETAINED/u);
      database.close();
      server.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    } finally {
      server.kill('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    }
  },
);
