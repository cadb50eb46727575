/** Markup that may be sent as it is; only {@link html} makes it, so text from outside is always escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Piece = Markup | string | number | false | undefined | readonly Piece[];

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function render(piece: Piece): string {
  if (piece instanceof Markup) return piece.text;
  if (piece === undefined || piece === false) return '';
  if (typeof piece === 'string') return escape(piece);
  if (typeof piece === 'number') return String(piece);
  // An object of another class, slipped past the types, is text like any other.
  return Array.isArray(piece) ? piece.map((part: Piece) => render(part)).join('') : escape(JSON.stringify(piece));
}

/**
 * A piece of a page. What is put in is escaped unless it is itself a piece of a page; `false` and `undefined` show
 * nothing. Attribute values stand in double quotes and carry no scheme or script of their own.
 */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(strings.reduce((text, string, at) => text + render(pieces[at - 1]) + string));
}
