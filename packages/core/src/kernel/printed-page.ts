const ESCAPES: { readonly [char: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand in HTML, also inside an attribute in quotes. */
export function esc(text: string): string {
  return text.replace(/[&<>"']/gu, (char) => ESCAPES[char] ?? char);
}

const STYLE =
  'body{font:14px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1b1b1b}' +
  'table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border:1px solid #bbb;padding:.4rem .5rem;text-align:left;vertical-align:top}' +
  'th{background:#f2f4f3}td code{word-break:break-all;font-size:12px}.failed{font-weight:700}pre{white-space:pre-wrap;font-size:11px}' +
  '@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}';

/** A table of cells that are HTML already; the first of each row is its head. */
export function htmlTable(heads: readonly string[], rows: readonly string[]): string {
  return `<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** One HTML page without scripts, to be printed or kept (可打印页面). @param body HTML */
export function printedPage(lang: 'zh' | 'en', title: string, body: string): string {
  return `<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${esc(title)}</title><style>${STYLE}</style></head>
<body><h1>${esc(title)}</h1>
${body}
</body></html>
`;
}
