import type { AutomatonTables } from './automaton.ts';
import { edgesOf, triesOf } from './frozen-tries.ts';
import { readFrozen, writeFrozen } from './frozen.ts';
import type { Frozen, Table } from './frozen.ts';
import { isPassed, MASK, MASK_BITS, rowsOf } from './plan.ts';
import type { Plan, PlannedVocabulary } from './plan.ts';
import type { Steps } from './steps.ts';
import type { Alphabet } from './vocabulary.ts';

/** What a pack is compiled to, all but its rules themselves (编译结果). */
export interface Layout {
  readonly reference: string;
  /** The rules behind each matcher, by their place in the pack. */
  readonly rulesOf: readonly (readonly number[])[];
  readonly vocabulary: PlannedVocabulary;
}

interface Facts {
  /** Of the pack and of the code that read it. */
  readonly identity: string;
  readonly reference: string;
  readonly rulesOf: readonly (readonly number[])[];
  readonly width: number;
  readonly notes: readonly (readonly [word: number, rules: readonly number[]])[];
  readonly lackCount: number;
}

const MOST = 0xffff;

function u16(numbers: readonly number[]): Uint16Array {
  if (numbers.some((n) => n < 0 || n > MOST)) throw new RangeError('too large to be frozen');
  return Uint16Array.from(numbers);
}

/**
 * The layout as a file (冻结): what is cheap to work out from the rest is left out.
 * @throws RangeError when there is more of something than the file has room for
 */
export function freeze({ reference, rulesOf, vocabulary }: Layout, identity: string): Uint8Array {
  const { alphabet, plan, tries } = vocabulary;
  const facts: Facts = {
    identity,
    reference,
    rulesOf,
    width: alphabet.width,
    notes: plan.notes.flatMap((rules, word) => (rules === undefined ? [] : [[word, rules] as const])),
    lackCount: plan.lackCount,
  };
  return writeFrozen(facts as never, {
    ...frozenAlphabet(alphabet),
    ...edgesOf(tries),
    ...plan.automatonTables,
    ...frozenSteps(plan.steps),
    ...frozenUses(plan, alphabet.width),
    anchorAt: plan.anchorAt,
    owner: plan.owner,
    triggers: plan.triggers,
    isLack: plan.isLack,
    clears: Int32Array.from(plan.clears.flatMap(({ allow, before, after, turns }) => [allow, before, after, turns])),
  });
}

/** The layout {@link freeze} was given; undefined when the file is damaged or of another identity. */
export function thaw(file: Uint8Array, identity: string): Layout | undefined {
  const frozen = readFrozen(file);
  if (frozen === undefined) return undefined;
  // Whoever wrote a file of this identity ran this very code.
  const facts = frozen.facts as never as Facts;
  if (facts.identity !== identity) return undefined;
  const { width } = facts;
  const alphabet = thawedAlphabet(frozen, width);
  const tables = thawedAutomaton(frozen);
  const triggers = byte(frozen, 'triggers');
  const notes = Array.from<readonly number[] | undefined>({ length: triggers.length });
  for (const [word, rules] of facts.notes) notes[word] = rules;
  const clears = int(frozen, 'clears');
  const plan: Plan = {
    automatonTables: tables,
    ...thawedUses(frozen, width),
    steps: thawedSteps(frozen),
    anchorAt: int(frozen, 'anchorAt'),
    owner: int(frozen, 'owner'),
    triggers,
    notes,
    clears: Array.from({ length: clears.length / 4 }, (_, i) => ({
      allow: clears[i * 4] as number,
      before: clears[i * 4 + 1] as number,
      after: clears[i * 4 + 2] as number,
      turns: clears[i * 4 + 3] as number,
    })),
    isLack: byte(frozen, 'isLack'),
    lackCount: facts.lackCount,
  };
  const edges = {
    degrees: short(frozen, 'degrees'),
    labels: short(frozen, 'labels'),
    places: int(frozen, 'places'),
    roots: int(frozen, 'roots'),
  };
  return {
    reference: facts.reference,
    rulesOf: facts.rulesOf,
    vocabulary: {
      alphabet,
      tries: triesOf(edges, width),
      plan,
      add() {
        throw new RangeError('a frozen vocabulary takes no more words');
      },
    },
  };
}

function tableOf({ tables }: Frozen, name: string): Table {
  const table = tables.get(name);
  if (table === undefined) throw new RangeError(`no table ${name}`);
  return table;
}

function byte(frozen: Frozen, name: string): Uint8Array {
  return tableOf(frozen, name) as Uint8Array;
}

function short(frozen: Frozen, name: string): Uint16Array {
  return tableOf(frozen, name) as Uint16Array;
}

function int(frozen: Frozen, name: string): Int32Array {
  return tableOf(frozen, name) as Int32Array;
}

function frozenAlphabet({ classOf, width }: Alphabet): { readonly [name: string]: Table } {
  const units = new Uint16Array(width);
  for (let unit = 0; unit < classOf.length; unit++) if (classOf[unit] !== 0) units[classOf[unit] as number] = unit;
  return { units };
}

function thawedAlphabet(frozen: Frozen, width: number): Alphabet {
  const units = short(frozen, 'units');
  const classOf = new Uint16Array(0x10000);
  for (let charClass = 1; charClass < width; charClass++) classOf[units[charClass] as number] = charClass;
  return { classOf, width };
}

function thawedAutomaton(frozen: Frozen): AutomatonTables {
  return {
    cells: int(frozen, 'cells'),
    wordAt: int(frozen, 'wordAt'),
    pairs: byte(frozen, 'pairs'),
    alone: byte(frozen, 'alone'),
  };
}

function frozenSteps({ facts, items, lists }: Steps): { readonly [name: string]: Table } {
  return { facts, items: u16([...items]), lists: u16([...lists]) };
}

function thawedSteps(frozen: Frozen): Steps {
  return { facts: int(frozen, 'facts'), items: new Int32Array(short(frozen, 'items')), lists: new Int32Array(short(frozen, 'lists')) };
}

/** The masks belong to the sequence, whatever word it is looked for by; of a mask, the classes it lets pass. */
function frozenUses({ uses, firstUse, firstLack, masks, maskWords, owner }: Plan, width: number): { readonly [name: string]: Table } {
  const neighbours = new Int32Array(owner.length);
  const sequences: number[] = [];
  for (let use = 0; use < uses.length; use += 2) {
    neighbours[uses[use] as number] = uses[use + 1] as number;
    sequences.push(uses[use] as number);
  }
  const maskSizes: number[] = [];
  const maskClasses: number[] = [];
  const classes = Array.from({ length: width }, (_, at) => at);
  const most = neighbours.reduce((highest, value) => Math.max(highest, value >>> MASK_BITS, value & MASK), 0);
  for (let mask = 0; mask <= most; mask++) {
    const passed = classes.filter((at) => isPassed(masks, at * maskWords, mask));
    const own = passed.length === width ? [] : passed;
    maskSizes.push(own.length);
    maskClasses.push(...own);
  }
  return { uses: u16(sequences), neighbours, firstUse, firstLack, maskSizes: u16(maskSizes), maskClasses: u16(maskClasses) };
}

function thawedUses(frozen: Frozen, width: number): Pick<Plan, 'uses' | 'firstUse' | 'firstLack' | 'masks' | 'maskWords'> {
  const sequences = short(frozen, 'uses');
  const neighbours = int(frozen, 'neighbours');
  const uses = new Int32Array(sequences.length * 2);
  for (let i = 0; i < sequences.length; i++) {
    const sequence = sequences[i] as number;
    uses[i * 2] = sequence;
    uses[i * 2 + 1] = neighbours[sequence] as number;
  }
  const classes = short(frozen, 'maskClasses');
  let at = 0;
  const passed = Array.from(short(frozen, 'maskSizes'), (size) => classes.subarray(at, (at += size)));
  return { uses, firstUse: int(frozen, 'firstUse'), firstLack: int(frozen, 'firstLack'), ...rowsOf(passed, width) };
}
