import { generateKeyPairSync } from 'node:crypto';

import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { completeUscc, createCalendar, createCompliance, createTestClock, memoryKeys } from '@zhengpin/core';
import type { Actor, Archive } from '@zhengpin/core';
import { archiveConformance } from '@zhengpin/core/conformance';
import type { ArchiveUnderTest } from '@zhengpin/core/conformance';
import { beforeAll, describe, expect, it } from 'vitest';

import { cephInstalled, startCeph } from '../../test/ceph.ts';
import type { CephServer } from '../../test/ceph.ts';
import { memoryStore } from '../memory.ts';
import { s3Archive } from './archive.ts';
import type { S3ArchiveOptions } from './archive.ts';

const NOW = '2026-11-25T00:00:00.000Z';
const LATER = '2090-01-01T00:00:00.000Z';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (found: Uint8Array | undefined): string => new TextDecoder().decode(found);

// A laptop may lack Ceph; where everything is judged, its absence is a failure.
const absent = !cephInstalled() && process.env['CI'] !== 'true';

describe.skipIf(absent)('the S3 archive on a Ceph object gateway', () => {
  let ceph: CephServer;
  let client: S3Client;
  let buckets = 0;

  beforeAll(async () => {
    ceph = await startCeph();
    const { endpoint, credentials } = ceph;
    client = new S3Client({
      endpoint,
      credentials,
      region: 'us-east-1',
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    return async () => {
      client.destroy();
      await ceph.stop();
    };
  }, 180_000);

  async function newBucket(lock: boolean): Promise<string> {
    const Bucket = `archive-${++buckets}`;
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: lock }));
    if (!lock) await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    return Bucket;
  }

  function open(bucket: string, more: Partial<S3ArchiveOptions> = {}): Archive {
    const { endpoint, credentials } = ceph;
    return s3Archive({ bucket, region: 'us-east-1', lock: 'COMPLIANCE', endpoint, pathStyle: true, credentials, ...more });
  }

  function subject(locked: boolean, more: Partial<S3ArchiveOptions>): ArchiveUnderTest {
    const opened = new WeakMap<Archive, string>();
    const start = (bucket: string): Archive => {
      const archive = open(bucket, more);
      opened.set(archive, bucket);
      return archive;
    };
    return { create: async () => start(await newBucket(locked)), again: async (archive) => start(opened.get(archive) ?? '') };
  }

  describe.each([
    ['in compliance mode', true, { prefix: 'zhengpin/' }],
    ['without Object Lock', false, { lock: { none: '测试 test' } }],
  ] as const)('%s', (_name, locked, more) => {
    for (const c of archiveConformance) it(c.name, () => c.run(subject(locked, more)));
  });

  it('keeps dates and holds in governance mode', async () => {
    const archive = open(await newBucket(true), { lock: 'GOVERNANCE' });
    await archive.put('a', bytes('a'), { retainUntil: LATER });
    await archive.hold('a');
    expect(await archive.stat('a')).toEqual({ key: 'a', size: 1, kind: 'object', retainUntil: LATER, held: true });
    await expect(archive.extend('a', '2089-01-01')).rejects.toMatchObject({ code: 'ZP_STATE' });
    await archive.release('a');
    await expect(archive.remove('a', NOW)).rejects.toMatchObject({ code: 'ZP_STATE' });
  });

  it('refuses a date that is past', async () => {
    const past = open(await newBucket(true)).put('a', bytes('a'), { retainUntil: '2020-01-01' });
    await expect(past).rejects.toMatchObject({ code: 'ZP_INPUT_INVALID' });
  });

  it('ignores conditions and checksums, and the probe says so', async () => {
    const { guarantees } = await open(await newBucket(true)).describe();
    expect(guarantees.map(({ id, by }) => [id, by])).toEqual([
      ['create-once', 'kit'],
      ['retention', 'server'],
      ['integrity', 'kit'],
    ]);
  });

  it('keeps what is retained from its own owner, in compliance mode even with the right to bypass', async () => {
    const bucket = await newBucket(true);
    const archive = open(bucket);
    await archive.put('a', bytes('mine'), { retainUntil: LATER });
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'theirs' }));
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a' }));
    expect(text(await archive.get('a'))).toBe('mine');
    expect((await archive.list('')).entries).toEqual([{ key: 'a', size: 4 }]);
    await expect(archive.remove('a', NOW)).rejects.toMatchObject({ code: 'ZP_STATE' });
    await expect(archive.remove('a', '2090-01-02T00:00:00.000Z')).rejects.toMatchObject({ code: 'ZP_STATE' });
    expect(text(await archive.get('a'))).toBe('mine');
  });

  it('is refused without Object Lock, with keys that have no right, with wrong keys, and where no such bucket is', async () => {
    await expect(open(await newBucket(false)).describe()).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    const bucket = await newBucket(true);
    await open(bucket).put('a', bytes('a'));
    const refused = { code: 'ZP_STORE_UNAVAILABLE', detail: { en: expect.stringContaining('refuses these credentials') } };
    await expect(open(bucket, { credentials: ceph.stranger }).get('a')).rejects.toMatchObject(refused);
    await expect(open(bucket, { credentials: ceph.stranger }).put('b', bytes('b'))).rejects.toMatchObject(refused);
    const wrong = { accessKeyId: ceph.credentials.accessKeyId, secretAccessKey: 'wrong' };
    await expect(open(bucket, { credentials: wrong }).get('a')).rejects.toMatchObject(refused);
    await expect(open('nowhere').get('a')).rejects.toMatchObject({
      code: 'ZP_STORE_UNAVAILABLE',
      detail: { en: 'The bucket does not exist' },
    });
  });

  it('keeps what is retained to the last day of its period: an early delete is refused by the server itself', async () => {
    const bucket = await newBucket(true);
    const archive = open(bucket);
    const clock = createTestClock(new Date().toISOString());
    const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const compliance = createCompliance({
      store: memoryStore(),
      signing: { name: 'jobs.example', privateKeyPem },
      identity: { keys: { jwks: { keys: [] } }, issuer: 'none', audience: 'none', algorithms: ['EdDSA'] },
      clock,
      keys: memoryKeys(),
      retention: { archive },
    });
    const operator: Actor = { id: 'operator', tenant: 'main', role: 'operator' };
    const employer: Actor = { id: 'employer', tenant: 'main', role: 'employer', organisation: 'org-1' };
    const employed = { name: '启明示例科技有限公司', uscc: completeUscc('91110108MA00YP00A') };
    await compliance.setOperator(operator, { name: '示例中心', agencyType: 'public', modes: ['platform'], jurisdictions: ['CN'] });
    await compliance.registerOrganisation(employer, { ...employed, accountType: 'employer-direct' });
    await compliance.tickRetention(operator);
    const { id } = await compliance.saveDraft(employer, { title: '后端工程师' });
    await compliance.openService(operator, { kind: 'introduce', organisation: 'org-1', postings: [id] });
    const locks = async (): Promise<readonly (string | undefined)[]> =>
      Promise.all((await archive.list('retained/')).entries.map(async ({ key }) => (await archive.stat(key))?.retainUntil?.slice(0, 10)));
    const today = createCalendar().today(clock.now());

    // Open: a short lock. Complete: every copy, the first one too, is locked by the server to the last day of the period.
    expect(await compliance.archiveRetained(operator)).toMatchObject({ segments: 1 });
    expect(await locks()).toEqual([createCalendar().addDays(today, 90)]);
    await compliance.withdrawPosting(employer, id);
    await compliance.settleServices(operator);
    expect(await compliance.archiveRetained(operator)).toMatchObject({ segments: 1, extended: 1 });
    const { retainUntil = '' } = await compliance.retentionOf(operator, id);
    expect(await locks()).toEqual([retainUntil, retainUntil]);

    // Not through the kit, whatever time it is told, and not by the owner of the bucket.
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: 'retained/' }));
    expect(Versions).toHaveLength(2);
    for (const { Key = '', VersionId } of Versions) {
      await expect(archive.remove(Key, '2090-01-01T00:00:00.000Z')).rejects.toMatchObject({ code: 'ZP_STATE' });
      const early = client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId, BypassGovernanceRetention: true }));
      await expect(early).rejects.toMatchObject({ name: 'AccessDenied' });
    }
    expect(await compliance.drillRetention(operator, {})).toMatchObject({ ok: true, segments: 2, faults: [] });
    await compliance.close();
  });
});
