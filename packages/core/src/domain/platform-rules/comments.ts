import { sha256Hex } from '../../kernel/canonical.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, found, listed, load } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { RULE_COMMENT_SCHEMA } from '../../rules/platform-rule-schemas.ts';
import type { RuleCommentInput } from '../../rules/platform-rule-schemas.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import { isPublic } from './records.ts';
import type { RuleCommentRecord, RuleVersionRecord } from './records.ts';

/** What comments work with: also what finds personal information in a text. */
export interface RuleCommentContext extends DeskContext {
  recognise(text: string): readonly unknown[];
}

/** Comments on what is put forward (公开征求意见). */
export interface RuleCommentCommands {
  /**
   * Comment on a text while its days for comments run, its last day included; at most 20 of an account.
   * @throws ZP_INPUT_INVALID (`personal-information`, `unknown-section`), ZP_STATE, ZP_NOT_FOUND @source E-commerce Law Art. 34(1)
   */
  commentOnRules(
    actor: Actor,
    version: string,
    input: unknown,
    options?: DeskOptions,
  ): Promise<{ readonly id: string; readonly left: number }>;
  /** Newest first. @throws ZP_NOT_FOUND */
  listRuleComments(actor: Actor, version: string, page: PageOptions): Promise<Listing<Loaded<RuleCommentRecord>>>;
}

const MOST = 20;
const CITATIONS = [cite('e-commerce', '34(1)')];

interface State {
  readonly version: Loaded<RuleVersionRecord>;
  readonly count: number;
}

/** Before the number of each comment of an account, which two at once would share. */
function prefixOf(version: string, account: string): string {
  return `${version}:${sha256Hex(account).slice(0, 32)}:`;
}

const NUMERALS: readonly (readonly [string, string])[] = [
  '零〇洞',
  '一壹幺',
  '二贰两',
  '三叁',
  '四肆',
  '五伍',
  '六陆',
  '七柒拐',
  '八捌',
  '九玖',
].flatMap((characters, digit) => [...characters].map((character) => [character, String(digit)] as const));
const DIGITS: ReadonlyMap<string, string> = new Map(NUMERALS);

/** A comment as it stands, and with numbers written out, hidden or taken apart put together. */
function readings(text: string): readonly string[] {
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[ ]?[([]at[)\]][ ]?/giu, '@');
  const numbers = [...plain].map((character) => DIGITS.get(character) ?? character).join('');
  const joined = numbers
    .replace(/(?<=\d)[\s\p{P}\p{S}]+(?=\d)/gu, '')
    .replace(/(?<=\d)o+(?=\d|$|[^a-z])/giu, (letters) => '0'.repeat(letters.length));
  return [text, plain, joined];
}

export function createRuleComments(context: RuleCommentContext): RuleCommentCommands {
  const { execute, calendar } = context;
  const parse = createValidator<RuleCommentInput>(RULE_COMMENT_SCHEMA);
  return {
    async commentOnRules(actor, id, input, options = {}) {
      context.permit(actor, 'rules.comment');
      const given = parse(input);
      if (readings(given.text).some((text) => context.recognise(text).length > 0))
        refuse([
          {
            pointer: '/text',
            rule: 'personal-information',
            title: { zh: '含有个人信息', en: 'contains personal information' },
            advice: { zh: '删去号码、账号、地址等个人信息后提交', en: 'Leave out numbers, accounts, addresses and the like' },
            citations: [cite('order44', '21(2)'), cite('pipl', '6')],
          },
        ]);
      const prefix = prefixOf(id, actor.id);
      return execute<State, { readonly id: string; readonly left: number }>({
        actor,
        ...retrying(options),
        async load(reader) {
          const version = found(await load<RuleVersionRecord>(reader, 'ruleVersions', id));
          const where = { ruleVersion: id, by: actor.id };
          const earlier = await reader.find('ruleComments', { where, range: { field: 'at', gt: '' }, limit: MOST });
          return { version, count: earlier.records.length };
        },
        decide({ version, count }, now) {
          found(isPublic(version.body) ? version : undefined);
          const { state, commentsThrough, sections, document, number } = version.body;
          if (state !== 'open-for-comments' || calendar.today(Date.parse(now)) > (commentsThrough ?? ''))
            throw new ComplianceError('ZP_STATE', {
              detail: { zh: '该版本不在征求意见期内', en: 'Comments are not asked on this version now' },
              citations: CITATIONS,
            });
          if (given.section !== undefined && !sections.some((section) => section.id === given.section))
            refuse([
              {
                pointer: '/section',
                rule: 'unknown-section',
                title: { zh: '没有该条款', en: 'is not a section of this version' },
                advice: { zh: '填写该版本中的条款编号', en: 'Name a section of this version' },
                citations: [],
              },
            ]);
          if (count >= MOST)
            throw new ComplianceError('ZP_STATE', {
              detail: { zh: `每个账号对一个版本至多提交${MOST}条意见`, en: `An account comments on a version ${MOST} times at most` },
            });
          const comment = `${prefix}${String(count + 1).padStart(2, '0')}`;
          const body: RuleCommentRecord = {
            ...given,
            tenant: actor.tenant,
            ruleVersion: id,
            by: actor.id,
            organisation: actor.organisation ?? '',
            at: now,
          };
          const facts = { version: id, document, number, section: given.section ?? null };
          const changes = [create('ruleComments', comment, body)];
          return {
            drafts: [{ kind: 'rules.commented', subject: { collection: 'ruleComments', id: comment }, facts, changes }],
            result: { id: comment, left: MOST - count - 1 },
          };
        },
      });
    },
    async listRuleComments(actor, version, page) {
      context.permit(actor, 'rules.log');
      const reader = context.reader(actor.tenant);
      found(await load<RuleVersionRecord>(reader, 'ruleVersions', version));
      return listed<RuleCommentRecord>(
        await reader.find('ruleComments', { where: { ruleVersion: version }, range: { field: 'at', gt: '' }, order: 'desc', ...page }),
      );
    },
  };
}
