import assert from 'node:assert/strict';

import { isComplianceError } from '../kernel/errors.ts';
import type { ErrorCode } from '../kernel/errors.ts';

/** Rejects with an AssertionError unless the work rejects with that code. */
export async function refuses(code: ErrorCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(isComplianceError(error), `expected ${code}, got ${String(error)}`);
    assert.equal(error.code, code);
    return true;
  });
}
