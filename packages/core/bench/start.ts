/** One start of the engine, timed from inside: milliseconds to load and to compile, as JSON. */
import { performance } from 'node:perf_hooks';

import type * as Rules from '../src/rules/pack-cn-national.ts';
import type * as Engine from '../src/screening/engine.ts';

const [from = 'src'] = process.argv.slice(2);
const nameOf = (module: string): string => new URL(`../${from}/${module}.${from === 'src' ? 'ts' : 'js'}`, import.meta.url).href;

const started = performance.now();
const { compilePack, screen } = (await import(nameOf('screening/engine'))) as typeof Engine;
const { CN_NATIONAL } = (await import(nameOf('rules/pack-cn-national'))) as typeof Rules;
const loaded = performance.now();
screen({ text: '招聘会计一名' }, compilePack(CN_NATIONAL), { complete: true });
process.stdout.write(JSON.stringify([loaded - started, performance.now() - loaded]));
