// Looks at each public package as npm would pack it: the files are there, publint has no complaint, the types resolve.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, 'node_modules', '.bin');
const folders = process.argv.slice(2);
const packages = (folders.length > 0 ? folders : readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name)))
  .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }))
  .filter(({ manifest }) => manifest.private !== true);

/** Every file a manifest names, relative to the package. */
function named(manifest) {
  const targets = (value) => (typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(targets));
  return [...targets(manifest.exports), ...targets(manifest.bin)].map((path) => path.replace(/^\.\//, ''));
}

function run(folder, command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
  return { ok: error === undefined && status === 0, stdout, output: [stdout, stderr, error?.message].filter(Boolean).join('\n') };
}

/** The paths npm would put into the package. */
function packed(folder) {
  const { ok, stdout, output } = run(folder, 'npm', ['pack', '--dry-run', '--json', '--ignore-scripts']);
  if (!ok) throw new Error(output);
  const [report] = Object.values(JSON.parse(stdout));
  return report.files.map(({ path }) => path);
}

let failed = packages.length === 0;
for (const { folder, manifest } of packages) {
  const complaints = [];
  const paths = packed(folder);
  const inside = new Set(paths);
  for (const path of named(manifest)) if (!inside.has(path)) complaints.push(`missing from the package: ${path}`);
  for (const path of paths)
    if (/\.test\.|\.tsbuildinfo$|(^|\/)\.env/.test(path)) complaints.push(`does not belong in the package: ${path}`);
  // Each source file has its output, so a half-built dist is noticed.
  for (const path of paths) {
    // Declarations of a library without its own have none.
    const output = path.endsWith('.d.ts') ? undefined : /^src\/(.*)\.ts$/.exec(path)?.[1];
    if (output !== undefined && !inside.has(`dist/${output}.js`)) complaints.push(`not built: ${path}`);
  }
  for (const path of paths) {
    const source = /^dist\/(.*)\.js$/.exec(path)?.[1];
    if (source !== undefined && !inside.has(`src/${source}.ts`)) complaints.push(`left over from an older build, remove dist: ${path}`);
  }
  // A pack of rules is shipped compiled, too; without that every start takes half a second longer and nothing else tells.
  if (inside.has('dist/freeze-packs.js')) {
    const fit = run(folder, process.execPath, [join(folder, 'dist', 'freeze-packs.js'), '--check']);
    if (!fit.ok) complaints.push(fit.output);
    else for (const path of fit.stdout.trim().split('\n')) if (!inside.has(path)) complaints.push(`missing from the package: ${path}`);
  }
  const lint = run(folder, join(bin, 'publint'), ['--strict']);
  if (!lint.ok) complaints.push(lint.output);
  // A package without a library door has no types to check.
  const hasDoor = Object.keys(manifest.exports ?? {}).some((subpath) => subpath !== './package.json');
  if (hasDoor) {
    const types = run(folder, join(bin, 'attw'), ['--pack', '.', '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji']);
    if (!types.ok) complaints.push(types.output);
  }
  if (complaints.length === 0) console.log(`${manifest.name}: ${paths.length} files, ready to publish`);
  else {
    failed = true;
    console.error(`${manifest.name}:\n${complaints.join('\n')}`);
  }
}
if (failed) process.exitCode = 1;
