import { ERRORS, systemClock } from '@zhengpin/core';

import { EXIT } from './io.ts';
import { run } from './program.ts';

// Node calls its SQLite experimental on every run; nobody who verifies a log can act on that.
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.name}: ${warning.message}\n`);
});
process.on('uncaughtException', () => {
  process.stderr.write(`ZP_INTERNAL ${ERRORS.ZP_INTERNAL.zh} / ${ERRORS.ZP_INTERNAL.en}\n`);
  process.exit(EXIT.environment);
});

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  isTTY: process.stderr.isTTY,
  clock: systemClock,
});
