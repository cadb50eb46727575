import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { sha256Hex } from '@zhengpin/core';
import type { Archive } from '@zhengpin/core';
import { archiveConformance } from '@zhengpin/core/conformance';
import type { ArchiveUnderTest } from '@zhengpin/core/conformance';
import { describe, expect, it } from 'vitest';

import { filesystemArchive } from './archive.ts';

const LATER = '2090-01-01T00:00:00.000Z';
const AFTER = '2090-01-02T00:00:00.000Z';
const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'zp-archive-'));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (found: Uint8Array | undefined): string => new TextDecoder().decode(found);
const marks = (directory: string, key: string): string => join(directory, '.zhengpin', 'marks', key);

async function fresh(): Promise<{ readonly directory: string; readonly archive: Archive }> {
  const directory = await newFolder();
  return { directory, archive: filesystemArchive({ directory }) };
}

function subject(): ArchiveUnderTest {
  const folders = new WeakMap<Archive, string>();
  const start = (directory: string): Archive => {
    const archive = filesystemArchive({ directory });
    folders.set(archive, directory);
    return archive;
  };
  return { create: async () => start(await newFolder()), again: async (archive) => start(folders.get(archive) ?? '') };
}

/** Writes objects whose key is the hash of their bytes, retained, and heads, until it is killed; tells each that is done. */
const WRITER = `
  const [directory, name, source] = process.argv.slice(1);
  const { createHash } = await import('node:crypto');
  const { filesystemArchive } = await import(source);
  const archive = filesystemArchive({ directory });
  for (let n = 0; ; n++) {
    const body = Buffer.alloc(200_000, name + n + ' ');
    const key = 'by-hash/' + createHash('sha256').update(body).digest('hex');
    await archive.put(key, body, { retainUntil: '2090-01-01' });
    process.stdout.write(key + '\\n');
    await archive.replace('head', body);
  }
`;

describe('the filesystem archive', () => {
  for (const c of archiveConformance) it(c.name, () => c.run(subject()));

  it('shows no half object and loses none it told of when its writers are killed', async () => {
    const directory = await newFolder();
    const source = new URL('./archive.ts', import.meta.url).href;
    const rounds = Number(process.env['CRASH_ROUNDS'] ?? 6) / 2;
    const told: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const child = spawn(
        process.execPath,
        ['--conditions=@zhengpin/source', '--input-type=module', '-e', WRITER, directory, `r${round}-`, source],
        {
          cwd: import.meta.dirname,
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      let said = '';
      // Dies after a number of objects, at whichever step of the next it happens to be.
      child.stdout.on('data', (part: Buffer) => {
        said += part.toString();
        if (said.split('\n').length > 2 + (round % 5)) child.kill('SIGKILL');
      });
      await once(child, 'close');
      expect(child.signalCode).toBe('SIGKILL');
      told.push(...said.split('\n').slice(0, -1));
      const archive = filesystemArchive({ directory });
      const { entries } = await archive.list('by-hash/');
      for (const { key } of entries) expect(`by-hash/${sha256Hex((await archive.get(key)) ?? bytes(''))}`).toBe(key);
      const head = await archive.get('head');
      expect(new Set(text(head).split(' ')).size).toBe(2);
      expect(head).toHaveLength(200_000);
      for (const key of told) expect(await archive.stat(key)).toMatchObject({ size: 200_000, retainUntil: '2090-01-01T16:00:00.000Z' });
    }
    const archive = filesystemArchive({ directory });
    await archive.put('after', bytes('after'));
    expect(await readdir(join(directory, '.zhengpin', 'tmp'))).toEqual([]);
  });

  it('lies open as plain read-only files under their keys', async () => {
    const { directory, archive } = await fresh();
    await archive.put('tile/0/000', bytes('leaf'));
    await archive.replace('checkpoint', bytes('size 1'));
    expect(await readFile(join(directory, 'tile/0/000'), 'utf8')).toBe('leaf');
    expect((await stat(join(directory, 'tile/0/000'))).mode & 0o777).toBe(0o444);
    expect(await readFile(join(directory, 'checkpoint'), 'utf8')).toBe('size 1');
  });

  it('reads a plain copy without the kit’s records, and removes nothing of it', async () => {
    const { directory, archive } = await fresh();
    await archive.put('a', bytes('a'), { retainUntil: LATER });
    await rm(join(directory, '.zhengpin'), { recursive: true });
    const copy = filesystemArchive({ directory });
    expect(text(await copy.get('a'))).toBe('a');
    await expect(copy.remove('a', AFTER)).rejects.toMatchObject({ code: 'ZP_STATE' });
    await expect(copy.replace('a', bytes('b'))).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
    await copy.put('a', bytes('a'));
    await copy.remove('a', AFTER);
  });

  it('notices bytes changed by hand', async () => {
    const { directory, archive } = await fresh();
    await archive.put('a', bytes('a'));
    await chmod(join(directory, 'a'), 0o644);
    await writeFile(join(directory, 'a'), 'b');
    await expect(archive.get('a')).rejects.toMatchObject({ code: 'ZP_EVIDENCE_BROKEN' });
  });

  it('removes once the date has passed, and forgets the date with the object', async () => {
    const { directory, archive } = await fresh();
    await archive.put('a', bytes('a'), { retainUntil: LATER });
    await expect(archive.remove('a', '2089-12-31T23:59:59.999Z')).rejects.toMatchObject({ code: 'ZP_STATE' });
    await archive.remove('a', LATER);
    expect(await readdir(join(directory, '.zhengpin', 'marks'))).toEqual([]);
    await archive.put('a', bytes('b'));
    expect(await archive.stat('a')).toEqual({ key: 'a', size: 1, kind: 'object', held: false });
  });

  it('neither follows nor lists a symbolic link, to a file or to a folder', async () => {
    const { directory, archive } = await fresh();
    const outside = await newFolder();
    await writeFile(join(outside, 'secret'), 'secret');
    await symlink(join(outside, 'secret'), join(directory, 'file'));
    await symlink(outside, join(directory, 'folder'));
    const refused = { code: 'ZP_STORE_UNAVAILABLE', detail: { en: expect.stringContaining('symbolic link') } };
    for (const key of ['file', 'folder/secret']) {
      await expect(archive.get(key), key).rejects.toMatchObject(refused);
      await expect(archive.stat(key), key).rejects.toMatchObject(refused);
      await expect(archive.put(key, bytes('x')), key).rejects.toMatchObject(refused);
    }
    await expect(archive.put('folder/new', bytes('x'))).rejects.toMatchObject(refused);
    await expect(archive.replace('folder/new', bytes('x'))).rejects.toMatchObject(refused);
    expect((await archive.list('')).entries).toEqual([]);
    expect(await readdir(outside)).toEqual(['secret']);
    await mkdir(join(directory, '.zhengpin'), { recursive: true });
    await rename(join(directory, '.zhengpin'), join(directory, '.moved'));
    await symlink(outside, join(directory, '.zhengpin'));
    await expect(archive.put('b', bytes('b'))).rejects.toMatchObject(refused);
    expect(await readdir(outside)).toEqual(expect.not.arrayContaining(['marks']));
  });

  it('refuses a key that is the folder of another', async () => {
    const { archive } = await fresh();
    await archive.put('a/b', bytes('x'));
    await expect(archive.put('a', bytes('y'))).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
    await expect(archive.replace('a', bytes('y'))).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
    await expect(archive.put('a/b/c', bytes('y'))).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
    expect(await archive.get('a')).toBeUndefined();
    expect(await archive.get('a/b/c')).toBeUndefined();
    expect(await archive.stat('a/b/c')).toBeUndefined();
  });

  it('does not make the folder it is given: a missing one is a mount that failed', async () => {
    const directory = join(await newFolder(), 'mount');
    const archive = filesystemArchive({ directory });
    await expect(archive.put('a', bytes('a'))).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
    await expect(stat(directory)).rejects.toMatchObject({ code: 'ENOENT' });
    await mkdir(directory);
    await archive.put('a', bytes('a'));
  });

  it('refuses unknown options', () => {
    const unknown = { directory: 'x', mode: 0o600 };
    expect(() => filesystemArchive(unknown)).toThrow(/ZP_OPTION_INVALID/);
  });
});

describe('after a crash between two steps', () => {
  it('finishes a put whose object came into place without its record', async () => {
    const { directory, archive } = await fresh();
    await archive.put('a', bytes('a'));
    for (const name of await readdir(marks(directory, 'a'))) await unlink(join(marks(directory, 'a'), name));
    await expect(archive.remove('a', AFTER)).rejects.toMatchObject({ code: 'ZP_STATE' });
    await archive.put('a', bytes('a'), { retainUntil: LATER });
    expect(await archive.stat('a')).toMatchObject({ retainUntil: LATER });
  });

  it('refuses to protect what is being removed, and a removal begun can be ended either way', async () => {
    const { directory, archive } = await fresh();
    await archive.put('a', bytes('a'));
    await writeFile(join(marks(directory, 'a'), '.removing'), '');
    await expect(archive.hold('a')).rejects.toMatchObject({ code: 'ZP_STATE' });
    // The hold came to stay before the removal could end: the object stays, and can be protected again.
    await expect(archive.remove('a', AFTER)).rejects.toMatchObject({ code: 'ZP_STATE' });
    await unlink(join(marks(directory, 'a'), '.removing'));
    await archive.hold('a');
    await archive.release('a');
    await writeFile(join(marks(directory, 'a'), '.removing'), '');
    await unlink(join(directory, 'a'));
    await expect(archive.remove('a', AFTER)).rejects.toMatchObject({ code: 'ZP_NOT_FOUND' });
    await archive.put('a', bytes('other'));
    await archive.hold('a');
    expect(text(await archive.get('a'))).toBe('other');
  });

  it('sweeps away files of processes that are gone, and no others', async () => {
    const { directory, archive } = await fresh();
    const folder = join(directory, '.zhengpin', 'tmp');
    await mkdir(folder, { recursive: true });
    const names = [`${hostname()}~999999999~x`, `${hostname()}~${process.pid}~y`, 'other-host~999999999~z'];
    for (const name of names) await writeFile(join(folder, name), 'half');
    await archive.put('a', bytes('a'));
    expect((await readdir(folder)).sort()).toEqual(names.slice(1).sort());
  });
});
