import { isResidentId } from '../kernel/identifiers.ts';
import { randomBytes } from '../kernel/random.ts';

/** Invented personal information that occurs nowhere else, to be put in and looked for (金丝雀数据). */
export interface Canaries {
  /** By what it looks like: `name`, `mobile`, `email`, `residentId`, `address`, `wechat`, `note`. */
  readonly values: {
    readonly name: string;
    readonly mobile: string;
    readonly email: string;
    readonly residentId: string;
    readonly address: string;
    readonly wechat: string;
    /** Free text nothing recognises. */
    readonly note: string;
  };
}

/** Where something may have leaked to (可能的泄露处). */
export interface Sink {
  readonly name: string;
  /** Everything that arrived there. */
  read(): Promise<string | Uint8Array> | string | Uint8Array;
}

export interface Leak {
  readonly sink: string;
  readonly canary: keyof Canaries['values'];
  /** How it was written there. */
  readonly form: string;
}

const HAN = '澄霁岚昀皓钰澍翊晟烨珩琰骁楹笙甯';

function pick(alphabet: string, length: number): string {
  const units = [...alphabet];
  return [...randomBytes(length)].map((byte) => units[byte % units.length] ?? '').join('');
}

/** New canaries, different each time, each of a valid form where one has a form (生成金丝雀). */
export function makeCanaries(): Canaries {
  const seventeen = `110101${1950 + ((randomBytes(1)[0] ?? 0) % 50)}0${1 + ((randomBytes(1)[0] ?? 0) % 9)}1${pick('0123456789', 4)}`;
  const residentId =
    Array.from('0123456789X')
      .map((end) => seventeen + end)
      .find((id) => isResidentId(id, '9999-12-31')) ?? '';
  return {
    values: {
      name: `欧阳${pick(HAN, 4)}`,
      mobile: `199${pick('123456789', 8)}`,
      email: `${pick('abcdefghjkmnpqrstuvwxyz', 12)}@canary.example.com`,
      residentId,
      address: `${pick(HAN, 4)}路${pick('123456789', 3)}号`,
      wechat: `wx_${pick('abcdefghjkmnpqrstuvwxyz', 12)}`,
      note: `${pick(HAN, 8)}之语`,
    },
  };
}

/** The ways a text is written where it leaks: as it is, in a URL, escaped in JSON, in base64 at each of its three places, in hex. */
function formsOf(value: string): readonly (readonly [form: string, text: string])[] {
  const bytes = Buffer.from(value);
  const escaped = value.replace(/[^\x20-\x7e]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const base64 = [0, 1, 2].map((shift) => {
    // What stands before shifts it; the ends depend on the neighbours and are left out.
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/u, '');
    return [`base64+${shift}`, text.slice(shift === 0 ? 0 : shift + 1, -2)] as const;
  });
  return [
    ['plain', value],
    ['url', encodeURIComponent(value)],
    ['json', escaped],
    ['hex', bytes.toString('hex')],
    ['utf-16', bytes.length > 0 ? Buffer.from(value, 'utf16le').toString('latin1') : value],
    ...base64,
    ...base64.map(([form, text]) => [`${form}url`, text.replaceAll('+', '-').replaceAll('/', '_')] as const),
  ];
}

/**
 * Look for canaries in everything that may have leaked (查找泄露): logs, metrics, errors, URLs, webhooks, the rows of a database. For the tests of a host:
 * put {@link makeCanaries} into every input, then hunt in every sink.
 * @returns what was found, each once a sink; empty is what one hopes for
 */
export async function huntCanaries({ values }: Canaries, sinks: readonly Sink[]): Promise<readonly Leak[]> {
  const leaks: Leak[] = [];
  for (const { name, read } of sinks) {
    const content = await read();
    // Bytes as they are: a text inside another encoding is still found.
    const texts =
      typeof content === 'string' ? [content] : [Buffer.from(content).toString('utf8'), Buffer.from(content).toString('latin1')];
    for (const [canary, value] of Object.entries(values) as [keyof Canaries['values'], string][]) {
      const form = formsOf(value).find(([, text]) => text.length >= 6 && texts.some((one) => one.includes(text)));
      if (form) leaks.push({ sink: name, canary, form: form[0] });
    }
  }
  return leaks;
}
