import { CONTEXT_FLAGS } from '@zhengpin/core';
import type { ContextFlag } from '@zhengpin/core';

import { invalid } from './io.ts';

/** What `--context` takes, for the help. */
export const CONTEXT_HELP: string = `场合，逗号分隔 / what the posting is, by commas: ${CONTEXT_FLAGS.join(' ')}`;

export function isFlag(value: unknown): value is ContextFlag {
  return CONTEXT_FLAGS.some((flag) => flag === value);
}

/** Flags as typed (场合参数). @throws ZP_OPTION_INVALID naming those there are */
export function flagsOf(given: string | undefined): readonly ContextFlag[] {
  const names = (given ?? '').split(',').filter((name) => name !== '');
  const flags = names.filter(isFlag);
  if (flags.length === names.length) return flags;
  throw invalid(`--context 只能是：${CONTEXT_FLAGS.join('、')}`, `--context takes: ${CONTEXT_FLAGS.join(', ')}`);
}
