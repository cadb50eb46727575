/**
 * One entry to the measurements (性能测试): `npm run bench -- screen [FILE]`, `… gate`, `… evidence`, `… retention`, `… egress`, `… duties`, `… recognise [FILE]`; a FILE alone means
 * screen, nothing means gate.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const SCRIPTS = {
  screen: 'packages/core/bench/screen.ts',
  gate: 'packages/express/bench/gate.ts',
  evidence: 'packages/storage-adapters/bench/evidence.ts',
  retention: 'packages/storage-adapters/bench/retention.ts',
  egress: 'packages/express/bench/egress.ts',
  duties: 'packages/express/bench/duties.ts',
  recognise: 'packages/core/bench/recognise.ts',
};

const [first = 'gate', ...rest] = process.argv.slice(2);
const isNamed = Object.hasOwn(SCRIPTS, first);
const args = (isNamed ? rest : [first, ...rest]).map((arg) => resolve(arg));
const missing = args.find((arg) => !existsSync(arg));
if (missing !== undefined) {
  process.stderr.write(`no file ${missing}; usage: npm run bench -- [${Object.keys(SCRIPTS).join('|')}] [FILE]\n`);
  process.exit(1);
}
const script = resolve(import.meta.dirname, '..', SCRIPTS[isNamed ? first : 'screen']);
const { status } = spawnSync(process.execPath, ['--conditions=@zhengpin/source', script, ...args], { stdio: 'inherit' });
process.exitCode = status ?? 1;
