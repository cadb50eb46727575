import { Writable } from 'node:stream';

import { createLogger, format, transports } from 'winston';
import { expect, it } from 'vitest';

import { privacy } from './logger.ts';

it('keeps personal information out of a log, wherever it stands in a line', () => {
  let out = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      out += chunk.toString();
      done();
    },
  });
  const logger = createLogger({
    level: 'debug',
    format: format.combine(format.errors({ stack: true }), format.splat(), format.timestamp(), privacy(), format.json()),
    transports: [new transports.Stream({ stream })],
  });
  logger.info('call 13800138000', { mail: 'hr@corp.example.com', deep: [{ tel: 13_900_139_000 }] });
  logger.error(new Error('no such person: 13800138000'));
  logger.warn('%s and %s', '13800138000', 'hr@corp.example.com');
  logger.log('debug', { message: 'x', error: new TypeError('hr@corp.example.com') });
  for (const value of ['13800138000', '13900139000', 'hr@corp.example.com']) expect(out).not.toContain(value);
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly level: string }).level),
  ).toEqual(['info', 'error', 'warn', 'debug']);
  expect(out).toContain('call 〔手机号〕');
});
