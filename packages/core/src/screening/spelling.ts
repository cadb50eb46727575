import { LINE, SLASH } from './fold-table.ts';

export function isHan(unit: number): boolean {
  return unit >= 0x3400 && unit <= 0x9fff;
}

/** Whether a mark stands in a chain of single characters (`限/男/性`): there it decorates; a lone slash separates (男/女). */
export function isChained(text: string, at: number): boolean {
  // Never past either end: a single such read makes the engine slow every read of the function down.
  if (at === 0 || at + 1 >= text.length || !isHan(text.charCodeAt(at - 1)) || !isHan(text.charCodeAt(at + 1))) return false;
  const mark = text.charCodeAt(at);
  return (at > 1 && text.charCodeAt(at - 2) === mark) || (at + 2 < text.length && text.charCodeAt(at + 2) === mark);
}

/** Whether the units two, then four further on are the same mark with one ideograph before each. */
function isFollowed(text: string, at: number, step: 2 | -2, times: 1 | 2): boolean {
  for (let i = 1; i <= times; i++) {
    const next = at + i * step;
    if (next < 0 || next >= text.length || text.charCodeAt(next) !== text.charCodeAt(at) || !isHan(text.charCodeAt(next - step / 2)))
      return false;
  }
  return true;
}

/**
 * Whether line breaks only write a word downwards: three characters by themselves, or two with three breaks. A line of one
 * character between lines of more is a clause (女).
 */
function isSpelt(text: string, at: number): boolean {
  if (at === 0 || at + 1 >= text.length || !isHan(text.charCodeAt(at - 1)) || !isHan(text.charCodeAt(at + 1))) return false;
  const [isBefore, isAfter] = [isFollowed(text, at, -2, 1), isFollowed(text, at, 2, 1)];
  if (isBefore && isAfter) return true;
  if (!isBefore && !isAfter) return false;
  if (isFollowed(text, at, isBefore ? -2 : 2, 2)) return true;
  return (at === 1 || !isHan(text.charCodeAt(at - 2))) && (at + 2 >= text.length || !isHan(text.charCodeAt(at + 2)));
}

/** Whether a mark that else means something is there only to write a word apart. @param kind as in the fold table */
export function isDecoration(text: string, at: number, kind: number): boolean {
  return kind === SLASH ? isChained(text, at) : kind === LINE && isSpelt(text, at);
}
