import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { compilePack, createCalendar, INSTRUMENTS } from '@zhengpin/core';
import type { Instrument } from '@zhengpin/core';

import { both, EXIT, write } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { PACKS } from './packs.ts';

export interface InfoArgs {
  readonly json?: boolean;
}

interface Info {
  readonly versions: { readonly zhengpin: string; readonly core: string; readonly storageAdapters: string };
  readonly node: { readonly version: string; readonly sqlite: string | null; readonly platform: string };
  readonly packs: readonly {
    readonly id: string;
    readonly version: string;
    readonly reference: string;
    readonly jurisdiction: string;
    readonly effectiveFrom: string;
    readonly rules: number;
  }[];
  readonly instruments: readonly Instrument[];
  /** Stores that are installed; `--store` takes `sqlite` and `postgres`. */
  readonly adapters: readonly string[];
  readonly calendar: { readonly table: string; readonly years: readonly number[] };
}

interface Manifest {
  readonly version: string;
  readonly exports?: { readonly [subpath: string]: unknown };
}

function manifest(of: '@zhengpin/core' | '@zhengpin/storage-adapters'): Manifest {
  return createRequire(import.meta.url)(`${of}/package.json`) as Manifest;
}

/** Version of this package. */
export function ownVersion(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Manifest).version;
}

function collect(): Info {
  const adapters = manifest('@zhengpin/storage-adapters');
  const calendar = createCalendar();
  return {
    versions: { zhengpin: ownVersion(), core: manifest('@zhengpin/core').version, storageAdapters: adapters.version },
    node: { version: process.versions.node, sqlite: process.versions['sqlite'] ?? null, platform: `${process.platform}-${process.arch}` },
    packs: PACKS.map((pack) => {
      const { id, version, jurisdiction, effectiveFrom, rules } = pack;
      return { id, version, reference: compilePack(pack).reference, jurisdiction, effectiveFrom, rules: rules.length };
    }),
    instruments: INSTRUMENTS,
    adapters: Object.keys(adapters.exports ?? {})
      .filter((subpath) => subpath !== '.' && !subpath.endsWith('.json'))
      .map((subpath) => subpath.slice(2)),
    calendar: { table: calendar.table, years: calendar.years() },
  };
}

/** Tell what is installed (版本信息): versions, rule packs, instruments, stores, holiday table. */
export async function infoCommand(args: InfoArgs, io: Io): Promise<ExitCode> {
  const info = collect();
  await write(io.stdout, args.json ? `${JSON.stringify(info, undefined, 2)}\n` : human(info));
  return EXIT.ok;
}

function human({ versions, node, packs, instruments, adapters, calendar }: Info): string {
  return [
    `zhengpin ${versions.zhengpin} · core ${versions.core} · storage-adapters ${versions.storageAdapters}`,
    `Node ${node.version} · SQLite ${node.sqlite ?? '?'} · ${node.platform}`,
    '规则包 / Rule packs',
    ...packs.map((pack) => `  ${pack.reference}  ${pack.effectiveFrom}  规则 rules ${pack.rules}`),
    '存储 / Stores',
    `  ${adapters.join(', ')}`,
    '节假日安排 / Holiday table',
    `  ${calendar.table} ${calendar.years[0] ?? ''}–${calendar.years.at(-1) ?? ''}`,
    '法律文件 / Instruments',
    ...instruments.map((one) => `  ${one.id} (${one.version})  ${both(one.title)}`),
    '',
  ].join('\n');
}
