import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { answerOf, failure, timedOut } from './failure.ts';

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Which bucket, and how to reach it. */
export interface BucketOptions {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly pathStyle: boolean;
  readonly credentials: S3Credentials | undefined;
  readonly timeoutMs: number;
}

export interface Version {
  readonly key: string;
  readonly id: string;
  readonly size: number;
}

export interface Kept {
  readonly size: number;
  readonly metadata: { readonly [name: string]: string };
}

interface PutRequest {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly metadata: { readonly [name: string]: string };
  /** Only where nothing is there; whether the server heeds it is for the probe to find out. */
  readonly ifAbsent?: boolean;
  /** SHA-256, base64, for servers that compare it. */
  readonly sha256?: string;
}

/** The few calls the archive makes (对象存储调用); every failure not named here is ZP_STORE_UNAVAILABLE. */
export interface Bucket {
  /** `exists` when a condition was heeded. */
  put(request: PutRequest): Promise<{ readonly outcome: 'stored'; readonly version: string } | { readonly outcome: 'exists' }>;
  get(key: string, version: string): Promise<(Kept & { readonly bytes: Uint8Array }) | undefined>;
  head(key: string, version: string): Promise<Kept | undefined>;
  /** Versions in the order of keys, newest first within one; delete markers count as none. */
  versions(prefix: string, from: { readonly after?: string; readonly version?: string; readonly limit: number }): Promise<VersionPage>;
  /** `refused` when the server forbids it. */
  remove(key: string, version: string): Promise<'removed' | 'refused'>;
  retention(key: string, version: string): Promise<string | undefined>;
  /** `refused` when the server forbids the date, as it does a shorter one. */
  retain(key: string, version: string, mode: 'COMPLIANCE' | 'GOVERNANCE', end: string): Promise<'retained' | 'refused' | 'bad-date'>;
  held(key: string, version: string): Promise<boolean>;
  hold(key: string, version: string, on: boolean): Promise<void>;
  versioned(): Promise<boolean>;
  lockable(): Promise<boolean>;
  close(): void;
}

interface VersionPage {
  readonly versions: readonly Version[];
  /** Where the next page starts; absent on the last. */
  readonly next?: { readonly after: string; readonly version?: string };
}

/** How often a conditional put that met another one is tried again. */
const MOST_TRIES = 8;
/** Longest wait before a conditional put that met another is tried again, in ms, doubled each time. */
const FIRST_WAIT_MS = 15;
const MISSING = new Set(['NoSuchKey', 'NotFound', 'NoSuchVersion']);
const NO_LOCK = new Set(['ObjectLockConfigurationNotFoundError', 'ObjectLockConfigurationNotFound', 'NotImplemented', 'MethodNotAllowed']);
const NO_RETENTION = new Set(['NoSuchObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError', 'InvalidRequest']);
const NOT_UNDERSTOOD = new Set(['NotImplemented', 'InvalidArgument']);

export function openBucket(options: BucketOptions): Bucket {
  const { bucket: Bucket, region, endpoint, pathStyle, credentials, timeoutMs } = options;
  const client = new S3Client({
    region,
    forcePathStyle: pathStyle,
    // Servers other than Amazon's refuse or mistake the checksums that newer clients add unasked.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: Math.min(timeoutMs, 5000),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: timeoutMs,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });

  /** Retries of the client included, a call ends in time. */
  function bounded(): { abortSignal: AbortSignal } {
    return { abortSignal: AbortSignal.timeout(timeoutMs) };
  }

  /** `undefined` for an answer whose code is among these. */
  async function unless<T>(codes: ReadonlySet<string>, work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      const { code, status } = answerOf(error);
      if (code !== 'NoSuchBucket' && (codes.has(code) || (codes === MISSING && status === 404))) return undefined;
      throw failure(error);
    }
  }

  const sure = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw failure(error);
    });

  function names(metadata: Record<string, string> | undefined): Kept['metadata'] {
    return metadata ?? {};
  }

  return {
    async put({ key, bytes, metadata, ifAbsent = false, sha256 }) {
      for (let tries = 1; ; tries++) {
        const command = new PutObjectCommand({
          Bucket,
          Key: key,
          Body: bytes,
          ContentLength: bytes.length,
          ContentMD5: hash('md5', bytes, 'base64'),
          ContentType: 'application/octet-stream',
          Metadata: { ...metadata },
          ...(ifAbsent ? { IfNoneMatch: '*' } : {}),
          ...(sha256 === undefined ? {} : { ChecksumSHA256: sha256 }),
        });
        try {
          const { VersionId } = await client.send(command, bounded());
          return { outcome: 'stored', version: VersionId ?? 'null' };
        } catch (error) {
          const { code, status } = answerOf(error);
          if (ifAbsent && status === 412) return { outcome: 'exists' };
          if (!ifAbsent || status !== 409 || code !== 'ConditionalRequestConflict' || tries === MOST_TRIES) throw failure(error);
          // At once all of those that met would only meet again.
          await sleep(Math.random() * FIRST_WAIT_MS * 2 ** tries);
        }
      }
    },

    async get(key, version) {
      const { abortSignal } = bounded();
      const answer = await unless(MISSING, client.send(new GetObjectCommand({ Bucket, Key: key, VersionId: version }), { abortSignal }));
      if (answer?.Body === undefined) return undefined;
      const bytes = await answer.Body.transformToByteArray().catch((error: unknown) => {
        // A body that stalls is cut off by the deadline, and looks like a connection that broke.
        throw abortSignal.aborted ? timedOut(error) : failure(error);
      });
      return { size: bytes.length, bytes, metadata: names(answer.Metadata) };
    },

    async head(key, version) {
      const answer = await unless(MISSING, client.send(new HeadObjectCommand({ Bucket, Key: key, VersionId: version }), bounded()));
      return answer === undefined ? undefined : { size: answer.ContentLength ?? 0, metadata: names(answer.Metadata) };
    },

    async versions(prefix, { after, version, limit }) {
      const command = new ListObjectVersionsCommand({
        Bucket,
        Prefix: prefix,
        MaxKeys: limit,
        ...(after === undefined ? {} : { KeyMarker: after }),
        ...(version === undefined ? {} : { VersionIdMarker: version }),
      });
      const answer = await sure(client.send(command, bounded()));
      const found = (answer.Versions ?? []).map((v) => ({ key: v.Key ?? '', id: v.VersionId ?? 'null', size: v.Size ?? 0 }));
      if (answer.IsTruncated !== true || answer.NextKeyMarker === undefined) return { versions: found };
      const { NextVersionIdMarker: next } = answer;
      return { versions: found, next: { after: answer.NextKeyMarker, ...(next === undefined || next === '' ? {} : { version: next }) } };
    },

    async remove(key, version) {
      try {
        await client.send(new DeleteObjectCommand({ Bucket, Key: key, VersionId: version }), bounded());
        return 'removed';
      } catch (error) {
        if (answerOf(error).status === 403) return 'refused';
        throw failure(error);
      }
    },

    async retention(key, version) {
      const answer = await unless(
        NO_RETENTION,
        client.send(new GetObjectRetentionCommand({ Bucket, Key: key, VersionId: version }), bounded()),
      );
      return answer?.Retention?.RetainUntilDate?.toISOString();
    },

    async retain(key, version, mode, end) {
      const command = new PutObjectRetentionCommand({
        Bucket,
        Key: key,
        VersionId: version,
        Retention: { Mode: mode, RetainUntilDate: new Date(end) },
      });
      try {
        await client.send(command, bounded());
        return 'retained';
      } catch (error) {
        const { code, status } = answerOf(error);
        if (status === 403) return 'refused';
        if (status === 400 && ['InvalidArgument', 'InvalidRetentionPeriod', 'InvalidRequest'].includes(code)) return 'bad-date';
        throw failure(error);
      }
    },

    async held(key, version) {
      const answer = await unless(
        NO_RETENTION,
        client.send(new GetObjectLegalHoldCommand({ Bucket, Key: key, VersionId: version }), bounded()),
      );
      return answer?.LegalHold?.Status === 'ON';
    },

    async hold(key, version, on) {
      const LegalHold = { Status: on ? ('ON' as const) : ('OFF' as const) };
      await sure(client.send(new PutObjectLegalHoldCommand({ Bucket, Key: key, VersionId: version, LegalHold }), bounded()));
    },

    async versioned() {
      const answer = await unless(NOT_UNDERSTOOD, client.send(new GetBucketVersioningCommand({ Bucket }), bounded()));
      return answer?.Status === 'Enabled';
    },

    async lockable() {
      const answer = await unless(NO_LOCK, client.send(new GetObjectLockConfigurationCommand({ Bucket }), bounded()));
      return answer?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
    },

    close() {
      client.destroy();
    },
  };
}
