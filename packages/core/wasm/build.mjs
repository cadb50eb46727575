/**
 * Compiles `reading.ts` into `../src/screening/reading-wasm.ts` (编译为 WebAssembly), or with `--check` tells whether it is in
 * step. What it writes is committed: who installs or tests the package needs no compiler for it.
 */
import { readFileSync, writeFileSync } from 'node:fs';

import { main } from 'assemblyscript/asc';

const target = new URL('../src/screening/reading-wasm.ts', import.meta.url);
const source = readFileSync(new URL('reading.ts', import.meta.url), 'utf8');
let wasm;
const { error } = await main(
  // No runtime, no memory of its own, nothing left but the loops.
  ['reading.ts', '--outFile', 'reading.wasm', '-O3', '--converge', '--runtime', 'stub', '--noAssert', '--importMemory', '--use', 'abort='],
  {
    readFile: (name) => (name === 'reading.ts' ? source : null),
    writeFile: (name, contents) => void (name === 'reading.wasm' && (wasm = contents)),
    listFiles: () => [],
    stderr: { write: (chunk) => process.stderr.write(chunk) },
  },
);
if (error || wasm === undefined) process.exit(1);
const text = `// Written by \`npm run wasm\` from wasm/reading.ts; \`npm run check\` tells when the two are out of step.
/** The loops over a text as WebAssembly (逐字循环), in base64. */
export const READING_WASM: string =
  '${Buffer.from(wasm).toString('base64')}';
`;
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  process.stderr.write('packages/core/src/screening/reading-wasm.ts is not what wasm/reading.ts compiles to: npm run wasm\n');
  process.exit(1);
}
