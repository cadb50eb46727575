import { format } from 'winston';
import type { Logform } from 'winston';

import { redact } from './recognition/recognise.ts';
import { redactIn } from './recognition/values.ts';

type Format = Logform.Format;

const LEVEL = Symbol.for('level');
const MESSAGE = Symbol.for('message');
const SPLAT = Symbol.for('splat');

/**
 * A winston format that takes personal information out of everything that is logged (日志脱敏): message, fields, errors and what is interpolated.
 * Put it right before the format that makes the line, after those that add to it: `combine(errors(), splat(), timestamp(), privacy(), json())`.
 * A name has no form and cannot be found: log ids, not people.
 * @source Order 44 Art. 21(2); PIPL Art. 51
 */
export function privacy(): Format {
  return format((info) => {
    const clean = redactIn({ ...info }) as Record<PropertyKey, unknown>;
    const line: unknown = info[MESSAGE];
    return Object.assign(clean, {
      level: info.level,
      [LEVEL]: info[LEVEL],
      ...(typeof line === 'string' ? { [MESSAGE]: redact(line) } : {}),
      ...(info[SPLAT] === undefined ? {} : { [SPLAT]: redactIn(info[SPLAT]) }),
    }) as unknown as typeof info;
  })();
}
