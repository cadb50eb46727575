import type { Archive } from '@zhengpin/core';

import { invalid, systemCode } from './io.ts';

const PARAMETERS = ['region', 'endpoint', 'style', 'lock', 'no-lock'];

/** What an archive URL says (归档地址). */
export type ArchiveAddress =
  | { readonly kind: 'file'; readonly directory: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      /** Ends with a slash, or empty. */
      readonly prefix: string;
      readonly region: string;
      readonly endpoint?: string;
      readonly pathStyle: boolean;
      readonly lock: 'COMPLIANCE' | 'GOVERNANCE' | { readonly none: string };
    };

/**
 * Read an archive URL: `file:DIR`, or `s3://BUCKET/PREFIX/?region=…` with `endpoint` for a service that is not Amazon's,
 * `style=path|virtual` (default virtual), `lock=compliance|governance` (default compliance) or `no-lock=REASON`.
 * Credentials have no place in a URL, which ends up in shell histories.
 * @throws ZP_OPTION_INVALID for anything else
 */
export function archiveAddress(url: string): ArchiveAddress {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(url)?.[1]?.toLowerCase();
  if (scheme === 'file') {
    const directory = url.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
    if (directory === '') throw invalid('归档地址缺少目录', 'The archive URL has no folder');
    if (/^\/\/[^/]/.test(directory)) throw invalid('归档目录须在本机', 'The archive folder must be on this machine');
    return { kind: 'file', directory };
  }
  if (scheme !== 's3' || !URL.canParse(url)) {
    throw invalid('归档地址须为 file:目录 或 s3://桶/前缀', 'An archive URL is file:DIR or s3://BUCKET/PREFIX');
  }
  const { hostname: bucket, pathname, searchParams, username, password, port, hash } = new URL(url);
  if (username !== '' || password !== '') throw invalid('归档地址中不得有凭证', 'Credentials have no place in an archive URL');
  if (bucket === '' || port !== '' || hash !== '') throw invalid('归档地址须为 s3://桶/前缀', 'An archive URL is s3://BUCKET/PREFIX');
  for (const name of searchParams.keys()) {
    const once = PARAMETERS.includes(name) && searchParams.getAll(name).length === 1;
    if (!once) throw invalid(`归档地址参数无效：${name}`, `Not a parameter of an archive URL, or given twice: ${name}`);
  }
  const choice = <T extends string>(name: string, choices: readonly T[], otherwise: T): T => {
    const given = searchParams.get(name) ?? otherwise;
    const chosen = choices.find((one) => one === given);
    if (chosen === undefined) throw invalid(`${name} 须为 ${choices.join('、')}`, `${name} is one of ${choices.join(', ')}`);
    return chosen;
  };
  const reason = searchParams.get('no-lock');
  if (reason !== null && searchParams.has('lock')) throw invalid('lock 与 no-lock 不可并用', 'lock and no-lock exclude each other');
  const mode = choice('lock', ['compliance', 'governance'], 'compliance') === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE';
  const endpoint = searchParams.get('endpoint');
  const folder = pathname.replace(/^\//, '');
  return {
    kind: 's3',
    bucket,
    prefix: folder === '' || folder.endsWith('/') ? folder : `${folder}/`,
    region: searchParams.get('region') ?? 'us-east-1',
    ...(endpoint === null ? {} : { endpoint }),
    pathStyle: choice('style', ['path', 'virtual'], 'virtual') === 'path',
    lock: reason === null ? mode : { none: reason },
  };
}

/**
 * Open the archive an URL names (打开归档); nothing is asked of it yet.
 * @throws ZP_OPTION_INVALID for a URL that is not one, or when the client for object stores is not installed
 */
export async function openArchive(url: string): Promise<Archive> {
  const address = archiveAddress(url);
  if (address.kind === 'file') {
    const { filesystemArchive } = await import('@zhengpin/storage-adapters/filesystem');
    return filesystemArchive({ directory: address.directory });
  }
  const { kind: _kind, ...options } = address;
  // Loaded late: only who keeps archives there has the client installed.
  const { s3Archive } = await import('@zhengpin/storage-adapters/s3').catch((error: unknown) => {
    if (systemCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw invalid('对象存储归档需要安装 @aws-sdk/client-s3', 'An archive on an object store needs @aws-sdk/client-s3 installed');
  });
  return s3Archive(options);
}
