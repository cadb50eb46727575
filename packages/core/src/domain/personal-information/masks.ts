/** One character and stars: whose it may be, and not what it is. */
function head(text: string, shown: number): string {
  const units = [...text];
  return units.length <= shown
    ? '*'.repeat(units.length)
    : `${units.slice(0, shown).join('')}${'*'.repeat(Math.min(6, units.length - shown))}`;
}

function ends(text: string, first: number, last: number): string {
  const units = [...text];
  if (units.length <= first + last) return '*'.repeat(units.length);
  return `${units.slice(0, first).join('')}${'*'.repeat(units.length - first - last)}${units.slice(-last).join('')}`;
}

const MASKS: { readonly [field: string]: (text: string) => string } = {
  name: (text) => head(text, 1),
  'resident-id': (text) => ends(text, 3, 2),
  passport: (text) => ends(text, 1, 2),
  mobile: (text) => ends(text, 3, 4),
  landline: (text) => ends(text, 3, 2),
  'bank-card': (text) => ends(text, 0, 4),
  address: (text) => head(text, 6),
  email(text) {
    const at = text.lastIndexOf('@');
    return at < 1 ? head(text, 1) : `${head(text.slice(0, at), 1)}${text.slice(at)}`;
  },
  // A year of a date, the decade of an age.
  age: (text) =>
    /^\d{4}\D/u.test(text) ? text.slice(0, 4) : /^\d{1,3}$/u.test(text) ? `${Math.floor(Number(text) / 10) * 10}+` : head(text, 1),
};

/** A value with its middle taken out (部分遮蔽), by the field it is; a number becomes a text. */
export function masked(field: string, value: string | number): string {
  const text = String(value);
  return (MASKS[field] ?? ((all) => head(all, 1)))(text);
}
