// Proves that the linter enforces the direction of imports: every forbidden import below must be reported, every lawful
// one must not, and taking any single pattern out of .oxlintrc.json must make this very check fail.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const oxlint = join(root, 'node_modules', '.bin', 'oxlint');

const sqlite = 'node:sqlite';
const drivers = ['pg', 'mysql2/promise', '@aws-sdk/client-s3'];
/** Another package by its files, as seen from a folder `up` below `packages/x/`. */
const files = (up) => [`${up}../other/src/index.ts`, `${up}../../packages/other/dist/index.js`, '@zhengpin/other/src/index.ts'];
const common = (up) => [...files(up), sqlite, ...drivers];
const core = (up) => [...common(up), '@zhengpin/core', '@zhengpin/express', '@zhengpin/storage-adapters/memory', 'zhengpin', 'express'];
const top = (up) => ['index', 'compliance', 'options', 'conformance/index'].map((name) => `${up}${name}.ts`);
const type = (specifier) => ({ specifier, type: true });

/** One row an area: a file in it, what it must not import, what it may. */
const AREAS = [
  {
    file: 'packages/core/src/compliance',
    forbidden: core('../'),
    allowed: [
      './kernel/store.ts',
      './domain/posting-review/submit.ts',
      './screening/engine.ts',
      './evidence/log.ts',
      'node:crypto',
      'jose',
    ],
  },
  { file: 'packages/core/src/kernel/probe.test', forbidden: core('../../'), allowed: ['../evidence/log.ts', 'vitest'] },
  { file: 'packages/core/src/domain/probe.test', forbidden: core('../../'), allowed: ['./applicability.ts', '../rules/obligations.ts'] },
  {
    file: 'packages/core/src/kernel/probe',
    forbidden: [
      ...core('../../'),
      ...top('../'),
      '../evidence/log.ts',
      '../screening/types.ts',
      '../rules/instruments.ts',
      '../domain/applicability.ts',
      type('../rules/instruments.ts'),
    ],
    allowed: ['./store.ts', './calendar/table.ts', 'ajv/dist/2020.js', 'node:crypto'],
  },
  {
    file: 'packages/core/src/kernel/calendar/probe',
    forbidden: [...core('../../../'), ...top('../../'), '../../evidence/log.ts', '../../rules/instruments.ts'],
    allowed: ['../store.ts', './table.ts'],
  },
  {
    file: 'packages/core/src/evidence/probe',
    forbidden: [...core('../../'), ...top('../'), '../screening/types.ts', '../rules/instruments.ts', '../domain/applicability.ts'],
    allowed: ['../kernel/store.ts', './merkle.ts', './verify/rows.ts'],
  },
  {
    file: 'packages/core/src/evidence/verify/probe',
    forbidden: [
      ...core('../../../'),
      ...top('../../'),
      '../../screening/types.ts',
      '../../rules/instruments.ts',
      '../../domain/applicability.ts',
    ],
    allowed: ['../../kernel/store.ts', '../merkle.ts', './rows.ts'],
  },
  {
    file: 'packages/core/src/screening/probe',
    forbidden: [
      ...core('../../'),
      ...top('../'),
      '../evidence/log.ts',
      '../recognition/kinds.ts',
      '../rules/pack-cn-national.ts',
      '../domain/applicability.ts',
    ],
    allowed: ['../kernel/errors.ts', './types.ts'],
  },
  {
    file: 'packages/core/src/recognition/probe',
    forbidden: [
      ...core('../../'),
      ...top('../'),
      '../evidence/log.ts',
      '../screening/types.ts',
      '../rules/instruments.ts',
      '../domain/applicability.ts',
    ],
    allowed: ['../kernel/identifiers.ts', './kinds.ts'],
  },
  {
    file: 'packages/core/src/rules/probe',
    forbidden: [
      ...core('../../'),
      ...top('../'),
      '../evidence/log.ts',
      '../domain/applicability.ts',
      '../screening/engine.ts',
      '../screening/types.ts',
      '../kernel/validate.ts',
      '../kernel/execute.ts',
      type('../screening/engine.ts'),
    ],
    allowed: [
      '../kernel/errors.ts',
      type('../kernel/validate.ts'),
      type('../kernel/law.ts'),
      type('../screening/types.ts'),
      './instruments.ts',
      './cn-national/gender.ts',
    ],
  },
  {
    file: 'packages/core/src/rules/cn-national/probe',
    forbidden: [
      ...core('../../../'),
      ...top('../../'),
      '../../screening/engine.ts',
      '../../domain/applicability.ts',
      '../../kernel/execute.ts',
    ],
    allowed: ['../instruments.ts', './words.ts', type('../../screening/types.ts')],
  },
  {
    file: 'packages/core/src/domain/probe',
    forbidden: [...core('../../'), ...top('../'), './applicability.ts', './posting-review/records.ts', type('./applicability.ts')],
    allowed: ['../rules/obligations.ts', '../screening/engine.ts', '../evidence/log.ts', '../kernel/store.ts'],
  },
  {
    file: 'packages/core/src/domain/posting-review/probe',
    forbidden: [...core('../../../'), ...top('../../'), '../applicability.ts', '../retention/schedule.ts', type('../applicability.ts')],
    allowed: [
      './records.ts',
      './form/fields.ts',
      '../../rules/schemas.ts',
      '../../screening/types.ts',
      '../../evidence/log.ts',
      '../../kernel/store.ts',
    ],
  },
  {
    file: 'packages/core/src/domain/posting-review/form/probe',
    forbidden: [...core('../../../../'), ...top('../../../'), '../../applicability.ts', '../../retention/schedule.ts'],
    allowed: ['./fields.ts', '../records.ts', '../../../kernel/store.ts'],
  },
  {
    file: 'packages/express/src/probe',
    forbidden: [...common('../'), '@zhengpin/storage-adapters/memory', 'zhengpin'],
    allowed: ['@zhengpin/core', 'express', './request.ts'],
  },
  {
    file: 'packages/express/test/probe.test',
    forbidden: files('../'),
    allowed: ['@zhengpin/storage-adapters/memory', '../src/index.ts', sqlite],
  },
  {
    file: 'packages/express/bench/probe',
    forbidden: files('../'),
    allowed: ['@zhengpin/storage-adapters/sqlite', '../src/index.ts', sqlite],
  },
  {
    file: 'packages/storage-adapters/src/memory',
    forbidden: [...common('../'), '@zhengpin/express', 'zhengpin', 'express'],
    allowed: ['@zhengpin/core', '@zhengpin/core/conformance'],
  },
  {
    file: 'packages/storage-adapters/src/sqlite',
    forbidden: [...files('../'), ...drivers, '@zhengpin/express', 'zhengpin', 'express'],
    allowed: [sqlite, '@zhengpin/core'],
  },
  ...['postgres', 'mysql', 's3/bucket'].map((name) => ({
    file: `packages/storage-adapters/src/${name}`,
    forbidden: [...files(name.includes('/') ? '../../' : '../'), sqlite, '@zhengpin/express', 'zhengpin', 'express'],
    allowed: [...drivers, '@zhengpin/core'],
  })),
  {
    file: 'packages/storage-adapters/src/postgres/probe',
    forbidden: [...files('../../'), sqlite, '@zhengpin/express', 'zhengpin', 'express'],
    allowed: ['pg', '@zhengpin/core', './session.ts'],
  },
  {
    file: 'packages/storage-adapters/src/mysql/probe',
    forbidden: [...files('../../'), sqlite, '@zhengpin/express', 'zhengpin', 'express'],
    allowed: [...drivers, '@zhengpin/core', './values.ts'],
  },
  {
    file: 'packages/storage-adapters/src/sqlite.test',
    forbidden: [...files('../'), '@zhengpin/express', 'zhengpin', 'express'],
    allowed: [sqlite, './sqlite.ts', '@zhengpin/core'],
  },
  {
    file: 'packages/storage-adapters/test/probe.test',
    forbidden: [...files('../'), '@zhengpin/express'],
    allowed: [sqlite, '../src/sqlite.ts'],
  },
  {
    file: 'packages/cli/src/probe',
    forbidden: [...common('../'), '@zhengpin/express', 'express'],
    allowed: ['@zhengpin/core', '@zhengpin/storage-adapters/sqlite', 'commander'],
  },
  { file: 'packages/cli/src/probe.test', forbidden: [...files('../'), '@zhengpin/express', 'express'], allowed: [sqlite, './program.ts'] },
  {
    file: 'examples/job-board/src/probe',
    forbidden: ['../../../packages/core/src/index.ts', '@zhengpin/core/dist/index.js'],
    allowed: ['@zhengpin/core', '@zhengpin/express', '@zhengpin/storage-adapters/sqlite', sqlite, 'express'],
  },
  { file: 'docs/probe', forbidden: ['../packages/core/src/index.ts'], allowed: ['@zhengpin/core', '@zhengpin/express'] },
  { file: 'probe', forbidden: [...drivers, sqlite, './packages/core/src/index.ts'], allowed: ['@zhengpin/core', 'vitest/config'] },
];

const CASES = AREAS.flatMap(({ file, forbidden, allowed }) =>
  [...forbidden.map((spec) => [spec, true]), ...allowed.map((spec) => [spec, false])].map(([spec, expected], index) => {
    const { specifier, type: isType } = typeof spec === 'string' ? { specifier: spec, type: false } : spec;
    return { area: file, specifier, isType, expected, line: index + 1 };
  }),
);

/** The lines of each probe file that the linter refuses, as `path:line`. */
function reported(directory, config) {
  writeFileSync(join(directory, '.oxlintrc.json'), JSON.stringify(config));
  const run = spawnSync(oxlint, ['-c', '.oxlintrc.json', '-f', 'json', '.'], { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 28 });
  const { diagnostics } = JSON.parse(run.stdout);
  const of = (code) =>
    diagnostics
      .filter((d) => d.code === code)
      .flatMap((d) => d.labels.slice(0, 1).map(({ span }) => `${d.filename.replaceAll('\\', '/')}:${span.line}`));
  return { imports: new Set(of('eslint(no-restricted-imports)')), cycles: new Set(of('import(no-cycle)')) };
}

function complaints({ imports, cycles }) {
  const wrong = CASES.filter((c) => imports.has(`${c.area}.ts:${c.line}`) !== c.expected).map(
    (c) => `${c.area}.ts: import ${c.isType ? 'type ' : ''}'${c.specifier}' ${c.expected ? 'is not refused' : 'is refused'}`,
  );
  return cycles.size === 0 ? [...wrong, 'a cycle between two files is not refused'] : wrong;
}

/** Every copy of the configuration that lacks one of its import patterns, or one of several names inside it. */
function* weakened(config) {
  const blocks = [config, ...config.overrides];
  for (const [at, block] of blocks.entries()) {
    const patterns = block.rules?.['eslint/no-restricted-imports']?.[1].patterns ?? [];
    for (const index of patterns.keys()) {
      const copy = structuredClone(config);
      const target = [copy, ...copy.overrides][at];
      const [removed] = target.rules['eslint/no-restricted-imports'][1].patterns.splice(index, 1);
      yield { copy, name: `${block.files?.join(', ') ?? 'every file'}: ${removed.regex ?? removed.group.join(' ')}` };
    }
  }
  const copy = structuredClone(config);
  copy.rules['import/no-cycle'] = 'off';
  yield { copy, name: 'import/no-cycle' };
}

const { values } = parseArgs({ options: { config: { type: 'string', default: join(root, '.oxlintrc.json') } } });
const config = JSON.parse(readFileSync(values.config, 'utf8'));
delete config.$schema;
const directory = mkdtempSync(join(tmpdir(), 'import-direction-'));
try {
  const sources = new Map();
  for (const c of CASES) {
    const line = c.isType ? `import type { X${c.line} } from '${c.specifier}';` : `import { x${c.line} } from '${c.specifier}';`;
    sources.set(c.area, [...(sources.get(c.area) ?? []), line]);
  }
  sources.set('examples/cycle/a', ["import { b } from './b.ts';", 'export const a = () => b;']);
  sources.set('examples/cycle/b', ["import { a } from './a.ts';", 'export const b = () => a;']);
  for (const [area, lines] of sources) {
    mkdirSync(dirname(join(directory, area)), { recursive: true });
    writeFileSync(join(directory, `${area}.ts`), `${lines.join('\n')}\n`);
  }

  const failures = complaints(reported(directory, config));
  let mutations = 0;
  if (failures.length === 0) {
    for (const { copy, name } of weakened(config)) {
      mutations += 1;
      if (complaints(reported(directory, copy)).length === 0) failures.push(`no case notices the removal of: ${name}`);
    }
  }
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
  else console.log(`import direction: ${CASES.length} imports judged as written, ${mutations} removed rules noticed`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
