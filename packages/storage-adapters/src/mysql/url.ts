import { invalid } from './values.ts';

/**
 * The URL as mysql2 reads it. `mariadb://` is the same protocol by another name.
 * @throws ZP_OPTION_INVALID without repeating the URL, which holds a password
 */
export function poolUri(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['mysql:', 'mariadb:'].includes(parsed.protocol))
    throw invalid('url 须以 mysql:// 或 mariadb:// 开头', 'the url must begin with mysql:// or mariadb://');
  if (parsed.pathname.length < 2) throw invalid('url 缺少数据库名', 'the url names no database');
  return url.replace(/^mariadb:/i, 'mysql:');
}
