import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { beforeAll, describe, expect, it } from 'vitest';

import { buildStore, pem, temporary, world } from '../test/world.ts';
import { run } from './program.ts';

const SCRIPT = fileURLToPath(new URL('../../../examples/verify-python/verify.py', import.meta.url));
const LOG = 'jobs.example/main';

const hasPython = spawnSync('python3', ['--version']).status === 0;

interface Verdict {
  readonly code: number | null;
  readonly out: string;
}

/** The verifier that shares no line with the kit. */
function python(...args: readonly string[]): Verdict {
  // Isolated and without site packages: what the script needs is in every Python.
  const { status, stdout, stderr } = spawnSync('python3', ['-I', '-S', SCRIPT, ...args], { encoding: 'utf8' });
  return { code: status, out: `${stdout}${stderr}` };
}

interface World {
  readonly dir: string;
  readonly vkey: string;
  /** Files with checkpoints of the first 300 entries: of this log, and of another one by the same key. */
  readonly kept: string;
  readonly forked: string;
  /** An export of another log of the same name, by the same key and by another key. */
  readonly fork: string;
  readonly stranger: string;
  /** An export of the same log when it had 300 entries. */
  readonly old: string;
}

let w: World;

async function exported(store: string): Promise<string> {
  const dir = join(temporary(), 'export');
  expect(await run(['evidence', 'export', '--store', store, '--dir', dir], world().io)).toBe(0);
  return dir;
}

async function prepare(): Promise<World> {
  const key = pem();
  const early = await buildStore(300, 'main', { key });
  const { path, vkey } = early;
  const folder = temporary();
  const [kept, forked] = [join(folder, 'kept'), join(folder, 'forked')];
  writeFileSync(kept, early.checkpoint);
  const old = await exported(path);
  const dir = join(temporary(), 'export');
  cpSync(old, dir, { recursive: true });
  await buildStore(400, 'main', { key, path, from: 300 });
  expect(await run(['evidence', 'export', '--store', path, '--dir', dir], world().io)).toBe(0);
  const other = await buildStore(300, 'main', { key });
  writeFileSync(forked, other.checkpoint);
  await buildStore(400, 'main', { key, path: other.path, from: 300 });
  const stranger = await buildStore(700);
  return { dir, vkey, kept, forked, old, fork: await exported(other.path), stranger: await exported(stranger.path) };
}

function flip(at: number): (bytes: Buffer) => Buffer {
  return (bytes) => {
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    return bytes;
  };
}

function edit(path: string, change: (bytes: Buffer) => Buffer): void {
  writeFileSync(path, change(readFileSync(path)));
}

/** Entries of a bundle, to be put back in another order. */
function entries(bytes: Buffer): Buffer[] {
  const list: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 2 + bytes.readUInt16BE(at)) list.push(bytes.subarray(at, at + 2 + bytes.readUInt16BE(at)));
  return list;
}

type Tamper = (log: string) => void;

const TAMPERINGS: readonly (readonly [string, Tamper, string])[] = [
  ['an entry that was edited', (log) => edit(join(log, 'tile/entries/001'), flip(12)), 'edited at entry 256'],
  ['an entry of the partial bundle that was edited', (log) => edit(join(log, 'tile/entries/002.p/188'), flip(9)), 'edited at entry 512'],
  ['a hash of a full tile that was edited', (log) => edit(join(log, 'tile/0/001'), flip(32 * 5)), 'edited at entry 261'],
  ['a hash of a partial tile that was edited', (log) => edit(join(log, 'tile/0/002.p/188'), flip(32 * 7)), 'edited at entry 519'],
  ['a hash of level 1 that was edited', (log) => edit(join(log, 'tile/1/000.p/2'), flip(40)), 'edited at entry 256'],
  ['a bundle that was cut', (log) => edit(join(log, 'tile/entries/001'), (b) => b.subarray(0, b.length - 1)), 'missing at entry 511'],
  [
    'bytes behind a bundle',
    (log) => edit(join(log, 'tile/entries/001'), (b) => Buffer.concat([b, Buffer.from([0, 0, 0])])),
    'edited at entry 511',
  ],
  ['a bundle that is gone', (log) => rmSync(join(log, 'tile/entries/000')), 'missing at entry 0'],
  ['a tile that is gone', (log) => rmSync(join(log, 'tile/0/001')), 'missing at entry 256'],
  ['a partial tile that is gone', (log) => rmSync(join(log, 'tile/1/000.p/2')), 'missing at entry 0'],
  ['a log that ends early', (log) => rmSync(join(log, 'tile/entries/002.p'), { recursive: true }), 'truncated at entry 512'],
  [
    'two entries that changed places',
    (log) =>
      edit(join(log, 'tile/entries/000'), (b) => {
        const [first, second, ...rest] = entries(b);
        return Buffer.concat([second ?? b, first ?? b, ...rest]);
      }),
    'edited at entry 0',
  ],
  [
    'two bundles that changed places',
    (log) => {
      const [a, b, c] = ['000', '001', 'spare'].map((name) => join(log, 'tile/entries', name)) as [string, string, string];
      renameSync(a, c);
      renameSync(b, a);
      renameSync(c, b);
    },
    'edited at entry 0',
  ],
  ['a partial tile under another width', (log) => renameSync(join(log, 'tile/0/002.p/188'), join(log, 'tile/0/002.p/187')), 'edited'],
  ['an older partial tile that was edited', (log) => edit(join(log, 'tile/0/001.p/44'), flip(3)), 'edited at entry 256'],
  [
    'another size in the checkpoint',
    (log) => edit(join(log, 'checkpoint'), (b) => Buffer.from(b.toString().replace('\n700\n', '\n699\n'))),
    'checkpoint-invalid',
  ],
  [
    'another root in the checkpoint',
    (log) =>
      edit(join(log, 'checkpoint'), (b) =>
        Buffer.from(b.toString().replace(/\n(.)(?=.{43}\n)/, (_all, c: string) => `\n${c === 'A' ? 'B' : 'A'}`)),
      ),
    'checkpoint-invalid',
  ],
  [
    'a signature that was edited',
    (log) => edit(join(log, 'checkpoint'), (b) => Buffer.from(b.toString().replace(/(.{10})==?\n$|(.{10})\n$/, 'AAAAAAAAAA\n'))),
    'checkpoint-invalid',
  ],
  ['a checkpoint that is gone', (log) => rmSync(join(log, 'checkpoint')), 'missing: checkpoint'],
];

describe.skipIf(!hasPython && process.env['CI'] !== 'true')('the verifier in Python', () => {
  beforeAll(async () => {
    w = await prepare();
  });

  it('finds nothing wrong with an export, also by one of its logs and against an older checkpoint', () => {
    const whole = python(w.dir, '--vkey', w.vkey, '--against', w.kept);
    expect(whole.out).toContain('700 of 700 entries read');
    expect(whole).toMatchObject({ code: 0, out: expect.stringContaining('OK') });
    expect(python(join(w.dir, LOG), '--vkey', w.vkey).code).toBe(0);
    expect(python(w.dir)).toMatchObject({ code: 0, out: expect.stringContaining('warning: the key came with the files') });
    // The older partial tiles are still there, and were checked.
    expect(readdirSync(join(w.dir, LOG, 'tile/0/001.p'))).toEqual(['44']);
  });

  it.each(TAMPERINGS)('finds %s', (_what, tamper, finding) => {
    const dir = join(temporary(), 'export');
    cpSync(w.dir, dir, { recursive: true });
    tamper(join(dir, LOG));
    const { code, out } = python(dir, '--vkey', w.vkey);
    expect(code).toBe(1);
    expect(out).toContain(finding);
    expect(out).not.toContain('Traceback');
  });

  it('finds a log signed by another key', () => {
    expect(python(w.stranger, '--vkey', w.vkey)).toMatchObject({ code: 1, out: expect.stringContaining('checkpoint-invalid') });
  });

  it('finds another log signed by the same key, by an older checkpoint', () => {
    expect(python(w.fork, '--vkey', w.vkey).code).toBe(0);
    expect(python(w.fork, '--vkey', w.vkey, '--against', w.kept)).toMatchObject({
      code: 1,
      out: expect.stringContaining('forked at entry 0'),
    });
    expect(python(w.dir, '--vkey', w.vkey, '--against', w.forked)).toMatchObject({
      code: 1,
      out: expect.stringContaining('forked at entry 0'),
    });
  });

  it('finds entries and tiles that were made to fit each other and not the signed root', () => {
    const dir = join(temporary(), 'export');
    cpSync(w.fork, dir, { recursive: true });
    cpSync(join(w.dir, LOG, 'checkpoint'), join(dir, LOG, 'checkpoint'));
    expect(python(dir, '--vkey', w.vkey)).toMatchObject({ code: 1, out: expect.stringContaining('forked at entry 0') });
  });

  it('finds a log set back to an older signed state', () => {
    const newer = join(temporary(), 'newer');
    cpSync(join(w.dir, LOG, 'checkpoint'), newer);
    expect(python(w.old, '--vkey', w.vkey).code).toBe(0);
    expect(python(w.old, '--vkey', w.vkey, '--against', newer)).toMatchObject({
      code: 1,
      out: expect.stringContaining('rolled-back at entry 300'),
    });
  });

  it('refuses what is no key, no folder of a log, or a checkpoint of another log', async () => {
    expect(python(w.dir, '--vkey', w.vkey.replace('+', '+0')).code).toBe(1);
    expect(python(temporary(), '--vkey', w.vkey).code).toBe(1);
    const file = join(temporary(), 'other');
    writeFileSync(file, (await buildStore(5)).checkpoint);
    expect(python(w.dir, '--vkey', w.vkey, '--against', file)).toMatchObject({
      code: 1,
      out: expect.stringContaining('checkpoint-invalid'),
    });
  });
});
