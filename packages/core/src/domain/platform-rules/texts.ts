import type { Issue } from '../../kernel/errors.ts';
import type { Citation } from '../../kernel/law.ts';
import type { Text } from '../../kernel/text.ts';
import { cite } from '../../rules/instruments.ts';

const LANGUAGES = ['zh', 'en'] as const;
const FAIR: readonly Citation[] = [cite('order44', '24(1)'), cite('e-commerce', '32')];
const LEAST_TEXT = 20;
const SHORT = 15;

/** What a text that is still to be written begins with. */
const BEGINS =
  /^(?:loremipsum|todo|tbd|tbc|placeholder|tobe(?:completed|determined|added|defined|written|announced|confirmed)|x{3,}|待(?:补|完善|填|定|写|更新)|(?:此处|在此|请在此)(?:填|补|输入|插入)|测试测试)/u;
const MARKED = /^\s*[【[（(<{「]\s*(?:待|此处|todo|tbd|tbc)/iu;
/** What it is made of, where it is made of nothing else. */
const FILLERS =
  /loremipsum|todo|tbd|tbc|placeholder|tobecompleted|tobedetermined|待补充|待完善|待填写|待定|待补|(?:此处|在此|请在此)?填写|条款|正文|内容|文本|示例|样例|测试|省略|暂无|同上|[略无x]/gu;

/** Whether a text only keeps a place (占位文字): at its beginning, or for the greater part. */
function isPlaceholder(text: string): boolean {
  const bare = text.toLowerCase().replace(/[\s\p{P}\p{S}\p{Cf}]/gu, '');
  const rest = bare.replace(FILLERS, '').length;
  // In a few words there may well be one of them.
  const isFilled = bare.length < SHORT ? bare !== '' && rest === 0 : rest * 2 < bare.length;
  return BEGINS.test(bare) || MARKED.test(text) || isFilled;
}

function issue(pointer: string, rule: string, zh: string, en: string): Issue {
  return { pointer, rule, title: { zh, en }, advice: { zh, en }, citations: FAIR };
}

/** A text that says something, in both languages: no placeholder, and long enough without the space around it. */
export function writtenIssues(text: Text, pointer: string, least: number): readonly Issue[] {
  return LANGUAGES.flatMap((lang) => {
    const at = `${pointer}/${lang}`;
    if (isPlaceholder(text[lang])) return [issue(at, 'placeholder', '须为正文，不得以占位文字代替', 'is a placeholder, not a text')];
    return lengthIssues(text[lang], at, least);
  });
}

function lengthIssues(text: string, at: string, least: number): readonly Issue[] {
  if (text.trim().length >= least) return [];
  return [
    issue(at, 'minLength', `不得少于${least}个字符，首尾空白不计`, `needs at least ${least} characters, without the space around it`),
  ];
}

/** A heading: any words, but not of space alone. */
function titleIssues(title: Text, pointer: string): readonly Issue[] {
  return LANGUAGES.flatMap((lang) => lengthIssues(title[lang], `${pointer}/${lang}`, 2));
}

/** The text of a section: written, the Chinese one in Chinese, and not of signs for the most part. */
export function sectionIssues({ title, text }: { readonly title: Text; readonly text: Text }, pointer: string): readonly Issue[] {
  const at = `${pointer}/text`;
  const written = writtenIssues(text, at, LEAST_TEXT);
  const signs = LANGUAGES.flatMap((lang) =>
    text[lang].replace(/[\s\p{P}\p{S}]/gu, '').length * 2 < LEAST_TEXT && !written.some((one) => one.pointer === `${at}/${lang}`)
      ? [issue(`${at}/${lang}`, 'placeholder', '须为条款正文', 'is made of signs, not of words')]
      : [],
  );
  const isForeign = written.length + signs.length === 0 && !/\p{Script=Han}/u.test(text.zh);
  return [
    ...titleIssues(title, `${pointer}/title`),
    ...written,
    ...signs,
    ...(isForeign ? [issue(`${at}/zh`, 'language', '须为中文', 'must be in Chinese')] : []),
  ];
}
