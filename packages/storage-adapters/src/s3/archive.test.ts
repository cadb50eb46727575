import type { Archive } from '@zhengpin/core';
import { archiveConformance } from '@zhengpin/core/conformance';
import type { ArchiveUnderTest } from '@zhengpin/core/conformance';
import { afterEach, describe, expect, it } from 'vitest';

import { startS3Server } from '../../test/s3-server.ts';
import type { S3Server, S3ServerOptions } from '../../test/s3-server.ts';
import { s3Archive } from './archive.ts';
import type { S3ArchiveOptions } from './archive.ts';

const NOW = '2026-11-25T00:00:00.000Z';
const LATER = '2090-01-01T00:00:00.000Z';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (found: Uint8Array | undefined): string => new TextDecoder().decode(found);

const running: S3Server[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function serve(options: S3ServerOptions = {}): Promise<S3Server> {
  const server = await startS3Server(options);
  running.push(server);
  return server;
}

function open(server: S3Server, more: Partial<S3ArchiveOptions> = {}): Archive {
  return s3Archive({
    bucket: 'archive',
    region: 'us-east-1',
    lock: 'COMPLIANCE',
    endpoint: server.endpoint,
    pathStyle: true,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    ...more,
  });
}

function subject(behaviour: S3ServerOptions, more: Partial<S3ArchiveOptions>): ArchiveUnderTest {
  const servers = new WeakMap<Archive, S3Server>();
  const start = (server: S3Server): Archive => {
    const archive = open(server, more);
    servers.set(archive, server);
    return archive;
  };
  return {
    create: async () => start(await serve(behaviour)),
    again: async (archive) => {
      const server = servers.get(archive);
      if (server === undefined) throw new Error('unknown archive');
      return start(server);
    },
  };
}

describe.each([
  ['that honours everything', {}, { prefix: 'zhengpin/' }],
  ['that ignores conditions and checksums', { conditional: false, checksum: false, inclusiveMarker: true }, {}],
  ['without Object Lock', { objectLock: false }, { lock: { none: '测试 test' }, prefix: 'a/b/' }],
] as const)('the S3 archive on a server %s', (_name, behaviour, more) => {
  for (const c of archiveConformance) it(c.name, () => c.run(subject(behaviour, more)));
});

describe('the probe', () => {
  const by = async (archive: Archive): Promise<readonly string[]> => (await archive.describe()).guarantees.map((g) => `${g.id}: ${g.by}`);

  it('tells a server that honours conditions and checksums from one that ignores them or knows nothing of them', async () => {
    expect(await by(open(await serve()))).toEqual(['create-once: server', 'retention: server', 'integrity: server']);
    expect(await by(open(await serve({ conditional: false, checksum: false })))).toEqual([
      'create-once: kit',
      'retention: server',
      'integrity: kit',
    ]);
    expect(await by(open(await serve({ conditional: 'unknown' })))).toEqual(['create-once: kit', 'retention: server', 'integrity: server']);
  });

  it('leaves at most one empty object behind, however often it runs', async () => {
    for (const behaviour of [{}, { conditional: false, checksum: false }]) {
      const server = await serve(behaviour);
      for (let i = 0; i < 3; i++) await open(server).describe();
      expect([...server.objects.values()].flat().length).toBeLessThanOrEqual(1);
    }
  });

  it('is tried again after a failure, not remembered', async () => {
    let down = true;
    const server = await serve({ misbehave: () => (down ? 500 : undefined) });
    const archive = open(server);
    await expect(archive.put('a', bytes('a'))).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
    down = false;
    await archive.put('a', bytes('a'));
    expect(text(await archive.get('a'))).toBe('a');
  });
});

describe('a bucket that cannot protect', () => {
  it('is refused before anything is written when it has no Object Lock, unless that is named with a reason', async () => {
    const server = await serve({ objectLock: false });
    const archive = open(server);
    await expect(archive.put('a', bytes('a'))).rejects.toMatchObject({
      code: 'ZP_OPTION_INVALID',
      detail: { en: expect.stringContaining('Object Lock') },
    });
    await expect(archive.replace('h', bytes('a'))).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    await expect(archive.describe()).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    expect(server.objects.size).toBe(0);
    const weak = open(server, { lock: { none: 'the provider has none' } });
    expect(await weak.describe()).toMatchObject({
      weakening: 'the provider has none',
      guarantees: [{}, { id: 'retention', by: 'kit' }, {}],
    });
  });

  it('is refused when it keeps no versions, whatever the reason', async () => {
    const server = await serve({ versioning: false, objectLock: false });
    await expect(open(server, { lock: { none: 'x' } }).put('a', bytes('a'))).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    expect(server.objects.size).toBe(0);
  });

  it('is not accepted with an empty reason or an unknown mode, nor are unknown options', async () => {
    const server = await serve();
    const wrong: readonly object[] = [
      { lock: { none: ' ' } },
      { lock: 'NONE' },
      { prefix: '../x/' },
      { prefix: 'x' },
      { endpoint: 'nowhere' },
      { retries: 3 },
      { timeoutMs: 0 },
    ];
    for (const more of wrong) expect(() => open(server, more), JSON.stringify(more)).toThrow(/ZP_OPTION_INVALID/);
  });
});

describe('somebody who writes past the kit', () => {
  it('changes nothing of what is read, by writing over an object or by deleting it', async () => {
    const server = await serve();
    const archive = open(server);
    await archive.put('a', bytes('mine'), { retainUntil: LATER });
    const stored = server.objects.get('a') ?? [];
    const stranger = { id: 'x', bytes: Buffer.from('theirs'), metadata: [['x-amz-meta-zp-kind', 'head']] as const, marker: false };
    server.objects.set('a', [...stored, stranger, { id: 'y', bytes: Buffer.alloc(0), metadata: [], marker: true }]);
    expect(text(await archive.get('a'))).toBe('mine');
    expect(await archive.stat('a')).toMatchObject({ kind: 'object', size: 4, retainUntil: LATER });
    expect((await archive.list('')).entries).toEqual([{ key: 'a', size: 4 }]);
    await expect(archive.put('a', bytes('third'))).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
    await expect(archive.replace('a', bytes('third'))).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
    expect(text(await archive.get('a'))).toBe('mine');
  });

  it('is noticed when the bytes that count were changed', async () => {
    const server = await serve();
    const archive = open(server);
    await archive.put('a', bytes('mine'));
    const [stored] = server.objects.get('a') ?? [];
    if (stored) stored.bytes = Buffer.from('thei');
    await expect(archive.get('a')).rejects.toMatchObject({ code: 'ZP_EVIDENCE_BROKEN' });
  });

  it('cannot be the server itself: bytes it did not keep are noticed at once', async () => {
    const server = await serve({ checksum: false, corrupts: (key) => key === 'a' });
    await expect(open(server).put('a', bytes('mine'))).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
    expect(server.objects.get('a')).toEqual([]);
  });
});

describe('heads', () => {
  it('leave one version behind however often they are replaced', async () => {
    const server = await serve();
    const archive = open(server);
    for (let size = 0; size < 5; size++) await archive.replace('checkpoint', bytes(`size ${size}`));
    expect(server.objects.get('checkpoint')).toHaveLength(1);
    expect(text(await archive.get('checkpoint'))).toBe('size 4');
  });
});

describe('a server in trouble', () => {
  const put = (method: string, key: string): boolean => method === 'PUT' && key === 'a';

  it('is asked again when it is busy or drops the connection', async () => {
    for (const trouble of [503, 500, 'drop'] as const) {
      let times = 0;
      const server = await serve({ misbehave: ({ method, key }) => (put(method, key) && times++ === 0 ? trouble : undefined) });
      const archive = open(server);
      await archive.put('a', bytes('a'));
      expect(times).toBe(2);
      expect(text(await archive.get('a'))).toBe('a');
    }
  });

  it('has put once when it stored the bytes and dropped the connection before saying so', async () => {
    for (const conditional of [true, false]) {
      let times = 0;
      const server = await serve({
        conditional,
        misbehave: ({ method, key }) => (put(method, key) && times++ === 0 ? 'drop-after' : undefined),
      });
      const archive = open(server);
      await archive.put('a', bytes('a'));
      await expect(archive.put('a', bytes('b'))).rejects.toMatchObject({ code: 'ZP_CONFLICT' });
      expect(server.objects.get('a')).toHaveLength(1);
    }
  });

  it('tries again, for a while, where conditional puts met', async () => {
    let times = 0;
    const server = await serve({ misbehave: ({ method, key }) => (put(method, key) && times++ < 6 ? 409 : undefined) });
    await open(server).put('a', bytes('a'));
    expect(times).toBe(7);
  });

  it('is unavailable, by code and in both languages, when it stays away, stalls, refuses or knows no such bucket', async () => {
    const says: readonly (readonly [403 | 503 | 'drop' | 'stall' | 'stall-body', string])[] = [
      [503, 'failed (503'],
      [403, 'refuses these credentials'],
      ['drop', 'cannot be reached'],
      ['stall', 'did not answer in time'],
      ['stall-body', 'did not answer in time'],
    ];
    for (const [trouble, sentence] of says) {
      const server = await serve({ misbehave: ({ method, key }) => (method === 'GET' && key === 'a' ? trouble : undefined) });
      const archive = open(server, { timeoutMs: String(trouble).startsWith('stall') ? 800 : 20_000 });
      await archive.put('a', bytes('a'));
      await expect(archive.get('a'), String(trouble)).rejects.toMatchObject({
        code: 'ZP_STORE_UNAVAILABLE',
        detail: { en: expect.stringContaining(sentence), zh: expect.stringMatching(/\p{Script=Han}/u) },
      });
    }
    const elsewhere = open(await serve(), { bucket: 'nowhere' });
    await expect(elsewhere.get('a')).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE', detail: { en: 'The bucket does not exist' } });
  });

  it('may refuse a date, which is the caller’s fault and not its own', async () => {
    const refusing = await serve({ misbehave: ({ method, query }) => (method === 'PUT' && query.includes('retention') ? 400 : undefined) });
    await expect(open(refusing).put('a', bytes('a'), { retainUntil: '2020-01-01' })).rejects.toMatchObject({ code: 'ZP_INPUT_INVALID' });
  });

  it('locks by its own clock too: a removal the caller thinks due is still refused', async () => {
    const archive = open(await serve());
    await archive.put('a', bytes('a'), { retainUntil: LATER });
    await expect(archive.remove('a', NOW)).rejects.toMatchObject({ code: 'ZP_STATE' });
    await expect(archive.remove('a', '2090-01-02T00:00:00.000Z')).rejects.toMatchObject({ code: 'ZP_STATE' });
    expect(text(await archive.get('a'))).toBe('a');
  });
});

describe('an archive without Object Lock', () => {
  it('removes once the date has passed, and forgets the date', async () => {
    const server = await serve({ objectLock: false });
    const archive = open(server, { lock: { none: 'test' } });
    await archive.put('a', bytes('a'), { retainUntil: LATER });
    await expect(archive.remove('a', NOW)).rejects.toMatchObject({ code: 'ZP_STATE' });
    await archive.remove('a', '2090-01-02T00:00:00.000Z');
    await archive.put('a', bytes('b'));
    expect(await archive.stat('a')).toEqual({ key: 'a', size: 1, kind: 'object', held: false });
  });
});
