import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the server does with a request before it serves it; a number is the status it answers instead. */
type Misbehaviour = 'drop' | 'drop-after' | 'stall' | 'stall-body' | number | undefined;

/** A bucket that misbehaves as told (对象存储仿真): only what the archive calls, nothing checked that it does not rely on. */
export interface S3ServerOptions {
  readonly versioning?: boolean;
  readonly objectLock?: boolean;
  /** Heed `If-None-Match: *`; `unknown` answers 501 to it. */
  readonly conditional?: boolean | 'unknown';
  /** Compare `x-amz-checksum-sha256`. */
  readonly checksum?: boolean;
  /** List the key a page starts behind once more. */
  readonly inclusiveMarker?: boolean;
  /** Store other bytes than it was given. */
  readonly corrupts?: (key: string) => boolean;
  readonly misbehave?: (request: {
    readonly method: string;
    readonly key: string;
    readonly query: string;
    readonly count: number;
  }) => Misbehaviour;
}

interface Stored {
  readonly id: string;
  bytes: Buffer;
  readonly metadata: readonly (readonly [string, string])[];
  readonly marker: boolean;
  retention?: string;
  held?: boolean;
}

export interface S3Server {
  readonly endpoint: string;
  /** Versions by key, oldest first. */
  readonly objects: Map<string, Stored[]>;
  /** `METHOD key?query` of every request. */
  readonly requests: string[];
  stop(): Promise<void>;
}

async function body(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
}

const CODES: Readonly<Record<number, string>> = {
  400: 'InvalidArgument',
  403: 'AccessDenied',
  409: 'ConditionalRequestConflict',
  500: 'InternalError',
  503: 'SlowDown',
};

export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const {
    versioning = true,
    objectLock = true,
    conditional = true,
    checksum = true,
    inclusiveMarker = false,
    corrupts = () => false,
    misbehave,
  } = options;
  const objects = new Map<string, Stored[]>();
  const requests: string[] = [];
  const xml = (response: ServerResponse, text: string): void => {
    response.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${text}`);
  };

  function listing(query: URLSearchParams): string {
    const [prefix, after, afterVersion] = [query.get('prefix') ?? '', query.get('key-marker') ?? '', query.get('version-id-marker')];
    const most = Number(query.get('max-keys') ?? 1000);
    const rows = [...objects.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort()
      .flatMap((key) => [...(objects.get(key) ?? [])].reverse().map((stored) => ({ key, stored })));
    const mark = rows.findIndex(({ key, stored }) => key === after && stored.id === afterVersion);
    const rest = afterVersion === null ? rows.filter(({ key }) => key > after || (inclusiveMarker && key === after)) : rows.slice(mark + 1);
    const page = rest.slice(0, most);
    const last = page.at(-1);
    const more = last !== undefined && rest.length > page.length;
    const items = page.map(({ key, stored }) =>
      stored.marker
        ? `<DeleteMarker><Key>${key}</Key><VersionId>${stored.id}</VersionId></DeleteMarker>`
        : `<Version><Key>${key}</Key><VersionId>${stored.id}</VersionId><Size>${stored.bytes.length}</Size></Version>`,
    );
    const next = more ? `<NextKeyMarker>${last.key}</NextKeyMarker><NextVersionIdMarker>${last.stored.id}</NextVersionIdMarker>` : '';
    return `<ListVersionsResult><IsTruncated>${more}</IsTruncated>${next}${items.join('')}</ListVersionsResult>`;
  }

  function put(request: IncomingMessage, response: ServerResponse, key: string, bytes: Buffer): void {
    const versions = objects.get(key) ?? [];
    const newest = versions.at(-1);
    const { headers } = request;
    if (headers['if-none-match'] !== undefined && conditional === 'unknown') return refuse(response, 501, 'NotImplemented');
    if (headers['if-none-match'] !== undefined && conditional === true && newest && !newest.marker)
      return refuse(response, 412, 'PreconditionFailed');
    const sent = headers['x-amz-checksum-sha256'];
    if (checksum && sent !== undefined && sent !== createHash('sha256').update(bytes).digest('base64'))
      return refuse(response, 400, 'BadDigest');
    const metadata = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-')) as [string, string][];
    const stored = { id: randomUUID(), bytes: corrupts(key) ? Buffer.from('other') : bytes, metadata, marker: false };
    objects.set(key, versioning ? [...versions, stored] : [stored]);
    response.writeHead(200, { 'x-amz-version-id': stored.id }).end();
  }

  function lockOf(response: ServerResponse, stored: Stored, method: string, text: string, query: URLSearchParams): void {
    if (query.has('retention')) {
      if (method === 'PUT') {
        const end = new Date(/<RetainUntilDate>([^<]+)</.exec(text)?.[1] ?? '').toISOString();
        if (stored.retention !== undefined && end < stored.retention) return refuse(response, 403, 'AccessDenied');
        stored.retention = end;
        return void response.writeHead(200).end();
      }
      if (stored.retention === undefined) return refuse(response, 404, 'NoSuchObjectLockConfiguration');
      return xml(response, `<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>${stored.retention}</RetainUntilDate></Retention>`);
    }
    if (method === 'PUT') {
      stored.held = text.includes('<Status>ON<');
      return void response.writeHead(200).end();
    }
    if (stored.held === undefined) return refuse(response, 404, 'NoSuchObjectLockConfiguration');
    xml(response, `<LegalHold><Status>${stored.held ? 'ON' : 'OFF'}</Status></LegalHold>`);
  }

  function object(request: IncomingMessage, response: ServerResponse, key: string, query: URLSearchParams, bytes: Buffer): void {
    const method = request.method ?? '';
    if (method === 'PUT' && !query.has('retention') && !query.has('legal-hold')) return put(request, response, key, bytes);
    const versions = objects.get(key) ?? [];
    const id = query.get('versionId');
    const stored = id === null ? versions.at(-1) : versions.find((v) => v.id === id);
    if (method === 'DELETE') {
      if (id === null) objects.set(key, [...versions, { id: randomUUID(), bytes: Buffer.alloc(0), metadata: [], marker: true }]);
      else {
        const locked = stored?.held === true || (stored?.retention ?? '') > new Date().toISOString();
        if (locked) return refuse(response, 403, 'AccessDenied');
        objects.set(
          key,
          versions.filter((v) => v.id !== id),
        );
      }
      return void response.writeHead(204).end();
    }
    if (stored === undefined || stored.marker) return refuse(response, 404, 'NoSuchKey');
    if (query.has('retention') || query.has('legal-hold')) return lockOf(response, stored, method, bytes.toString(), query);
    response.writeHead(200, {
      ...Object.fromEntries(stored.metadata),
      'content-length': stored.bytes.length,
      'x-amz-version-id': stored.id,
    });
    response.end(method === 'HEAD' ? undefined : stored.bytes);
  }

  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const [, bucket = '', ...rest] = decodeURIComponent(url.pathname).split('/');
      const [key, query, method] = [rest.join('/'), url.searchParams, request.method ?? ''];
      const bytes = await body(request);
      const what = { method, key, query: url.search, count: requests.push(`${method} ${key}${url.search}`) };
      const trouble = misbehave?.(what);
      if (typeof trouble === 'number') return refuse(response, trouble, CODES[trouble] ?? 'Trouble');
      if (trouble === 'drop') return void request.socket.destroy();
      if (trouble === 'stall') return undefined;
      if (trouble === 'stall-body') return void response.writeHead(200, { 'content-length': 10 }).write('half');
      if (trouble === 'drop-after') {
        // Done, but nobody is told.
        response.writeHead = () => response;
        response.end = () => {
          request.socket.destroy();
          return response;
        };
      }
      if (bucket !== 'archive') return refuse(response, 404, 'NoSuchBucket');
      if (key !== '') return object(request, response, key, query, bytes);
      if (query.has('versioning'))
        return xml(response, `<VersioningConfiguration>${versioning ? '<Status>Enabled</Status>' : ''}</VersioningConfiguration>`);
      if (query.has('object-lock')) {
        if (!objectLock) return refuse(response, 404, 'ObjectLockConfigurationNotFoundError');
        return xml(response, '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>');
      }
      if (query.has('versions')) return xml(response, listing(query));
      return refuse(response, 501, 'NotImplemented');
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    objects,
    requests,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
