import type { CompiledPack } from '../src/screening/engine.ts';
import { screen } from '../src/screening/engine.ts';
import type { ScreenInput } from '../src/screening/types.ts';
import { leastMs, print } from './measure.ts';
import { createRandom } from './random.ts';
import { textOf } from './sample.ts';

const BYTES = 1_000_000;
const RUNS = 3;
const TRIES = 3;
/** Time a byte against ordinary text by the scanner and by screen, and time of a text against half of it. */
const BARS = { cost: 2, doubling: 2.3, limited: 2 } as const;
const WORST = 5;
/** The most units of a field that screen reads, and the fields that hold them. */
const FIELD_UNITS = 20_000;
const FIELDS = [
  'title',
  'text',
  'salary',
  'requirements',
  'workContent',
  'workingConditions',
  'employerName',
  'industry',
  'address',
] as const;

type Costs = { readonly name: string } & Readonly<Record<keyof typeof BARS, number>>;

interface Hostile {
  readonly name: string;
  readonly unit: string;
}

/** Texts made to cost more than they should: repeated pieces, and for every rule what is nearly one of its hits. */
function hostiles({ pack }: CompiledPack): readonly Hostile[] {
  const pieces: readonly (readonly [name: string, unit: string])[] = [
    ['one character', '男'],
    ['one phrase', '限男性'],
    ['one negator', '无需'],
    ['negation in turn', '不限男但限女，'],
    ['sexes in turn', '男18岁女20岁'],
    ['digits', '1'],
    ['figures', '1,8-3.5 '],
    ['spoken digits', '一三八零'],
    ['letters', 'qqwx'],
    ['addresses', 'a@b.c-'],
    ['chat words', '微信：'],
    ['contacts mixed', '1 39-0571 微信号：a_b-c@d.e一三'],
    ['open brackets', '（'],
    ['closed brackets', '(【《》】)'],
    ['zero width', '男\u200b\u200d\ufeff'],
    ['only zero width', '\u200b'],
    ['combining marks', '限\u0336\u0336'],
    ['decimal references', '&#30007;'],
    ['broken references', '&#'],
    ['ampersands', '&'],
    ['spaces', ' 男 '],
    ['slashes', '男/'],
    ['lines', '男\n'],
    ['rings', '①'],
    ['repeated', '限限男男'],
    ['expanding', '\ufdfa'],
    ['emoji', '🚺'],
    ['lone surrogates', '\ud800'],
    ['commas', '，'],
  ];
  return [
    ...pieces.map(([name, unit]): Hostile => ({ name, unit })),
    ...pack.rules.flatMap(({ id, examples }) => {
      const [example = ''] = examples.violating;
      return [
        { name: `${id} near miss`, unit: example.slice(0, -1) },
        { name: `${id} hit`, unit: `${example}，` },
      ];
    }),
  ].filter(({ unit }) => unit !== '');
}

function filled(unit: string, bytes: number): string {
  return unit.repeat(Math.ceil(bytes / Buffer.byteLength(unit)));
}

/** Whether what a hostile text costs grows with its length alone (线性时间): by the scanner without limit, and by `screen` at its limit. */
export function benchHostile(postings: readonly ScreenInput[], compiled: CompiledPack): void {
  const random = createRandom(1);
  let ordinary = '';
  while (Buffer.byteLength(ordinary) < BYTES) ordinary += textOf(random.pick(postings));
  const scan = (text: string): void => {
    compiled.scanner.scan('text', '', text, new Set(), new Set());
  };
  const perByte = (run: () => void, text: string): number => leastMs(RUNS, run) / Buffer.byteLength(text);
  const fieldsOf = (text: string): ScreenInput => {
    const long = text.repeat(Math.ceil(FIELD_UNITS / text.length)).slice(0, FIELD_UNITS);
    return Object.fromEntries(FIELDS.map((field) => [field, long]));
  };
  scan(ordinary);
  const plain = fieldsOf(ordinary.slice(0, FIELD_UNITS));
  screen(plain, compiled);
  const measured = ({ name, unit }: Hostile): Costs => {
    const text = filled(unit, BYTES);
    const half = filled(unit, BYTES / 2);
    const input = fieldsOf(unit);
    // Ordinary text is timed beside each: the caches are as warm.
    const base = perByte(() => scan(ordinary), ordinary);
    const plainCost = perByte(() => screen(plain, compiled), Object.values(plain).join(''));
    const halfMs = perByte(() => scan(half), half) * Buffer.byteLength(half);
    const wholeCost = perByte(() => scan(text), text);
    const limited = perByte(() => screen(input, compiled), Object.values(input).join('')) / plainCost;
    return { name, cost: wholeCost / base, doubling: (wholeCost * Buffer.byteLength(text)) / halfMs, limited };
  };
  const results = hostiles(compiled).map((one) => {
    let least = measured(one);
    // What an interruption made slow is not slow again; what the text makes slow is.
    for (let i = 1; i < TRIES && (least.cost > BARS.cost || least.doubling > BARS.doubling || least.limited > BARS.limited); i++) {
      const again = measured(one);
      least = {
        name: one.name,
        cost: Math.min(least.cost, again.cost),
        doubling: Math.min(least.doubling, again.doubling),
        limited: Math.min(least.limited, again.limited),
      };
    }
    return least;
  });
  const rank = (of: keyof typeof BARS, title: string): void => {
    const bar = BARS[of];
    const over = results.filter((one) => one[of] > bar).length;
    const worst = results.toSorted((a, b) => b[of] - a[of]).slice(0, WORST);
    print(
      title,
      `${over} of ${results.length} over the bar; worst ${worst.map((one) => `${one.name} ${one[of].toFixed(2)}`).join(', ')}`,
      String(bar),
    );
  };
  rank('cost', 'hostile, 1 MB : plain');
  rank('doubling', 'hostile, 1 MB : 0.5 MB');
  rank('limited', 'hostile, screen : plain');
}
