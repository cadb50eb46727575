import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { temporary, world } from '../test/world.ts';
import { archiveAddress } from './archive-url.ts';
import { EXIT } from './io.ts';
import { run } from './program.ts';

describe('an archive URL', () => {
  it('names a folder', () => {
    expect(archiveAddress('file:archive')).toEqual({ kind: 'file', directory: 'archive' });
    expect(archiveAddress('file:/srv/归档 1')).toEqual({ kind: 'file', directory: '/srv/归档 1' });
    expect(archiveAddress('file:///srv/archive')).toEqual({ kind: 'file', directory: '/srv/archive' });
  });

  it('names a bucket, how to reach it and how it locks', () => {
    expect(archiveAddress('s3://evidence')).toEqual({
      kind: 's3',
      bucket: 'evidence',
      prefix: '',
      region: 'us-east-1',
      pathStyle: false,
      lock: 'COMPLIANCE',
    });
    expect(
      archiveAddress('s3://evidence/a/b?endpoint=https%3A%2F%2Fs3.example%3A9000&style=path&region=cn-north-4&lock=governance'),
    ).toEqual({
      kind: 's3',
      bucket: 'evidence',
      prefix: 'a/b/',
      region: 'cn-north-4',
      endpoint: 'https://s3.example:9000',
      pathStyle: true,
      lock: 'GOVERNANCE',
    });
    expect(archiveAddress('s3://evidence/a/?endpoint=http://127.0.0.1:9000&no-lock=服务商没有')).toMatchObject({
      prefix: 'a/',
      endpoint: 'http://127.0.0.1:9000',
      lock: { none: '服务商没有' },
    });
  });

  it.each([
    '',
    'archive',
    'file:',
    'file://host/share',
    'sqlite:board.db',
    's3:',
    's3:///x',
    's3://key:secret@evidence',
    's3://evidence?lock=none',
    's3://evidence?lock=compliance&no-lock=x',
    's3://evidence?style=dns',
    's3://evidence?secret=x',
    's3://evidence?region=a&region=b',
    's3://evidence#x',
  ])('is refused: %s', (url) => {
    expect(() => archiveAddress(url)).toThrow(/ZP_OPTION_INVALID/);
  });
});

describe('doctor --archive', () => {
  interface Looked {
    readonly checks: readonly { readonly id: string; readonly status: string; readonly detail: { readonly en: string } }[];
  }
  async function look(url: string): Promise<{ readonly code: number; readonly archive: Looked['checks']; readonly err: string }> {
    const w = world();
    const code = await run(['doctor', '--json', '--archive', url], w.io);
    const { checks } = w.out() === '' ? { checks: [] } : (JSON.parse(w.out()) as Looked);
    return { code, archive: checks.filter(({ id }) => id.startsWith('archive')), err: w.err() };
  }

  it('tells what a folder honours and who sees to it', async () => {
    const { archive } = await look(`file:${temporary()}`);
    expect(archive.map(({ id, status }) => [id, status])).toEqual([
      ['archive create-once', 'ok'],
      ['archive retention', 'ok'],
      ['archive integrity', 'ok'],
    ]);
    expect(archive[1]?.detail.en).toMatch(/by the kit only.*administrator/);
  });

  it('ends with 4 when the archive cannot be reached, and makes nothing', async () => {
    const folder = join(temporary(), 'missing');
    expect(await look(`file:${folder}`)).toMatchObject({ code: EXIT.environment, archive: [{ id: 'archive', status: 'cannot-check' }] });
    mkdirSync(folder);
    expect((await look(`file:${folder}`)).code).not.toBe(EXIT.environment);
  });

  it('ends with 1 for a URL that is not one', async () => {
    expect(await look('ftp://x')).toMatchObject({ code: EXIT.usage, err: expect.stringContaining('ZP_OPTION_INVALID') });
  });
});
