import { ComplianceError } from '../../kernel/errors.ts';
import type { Reader } from '../../kernel/execute.ts';
import { isOpaqueId } from '../../kernel/identity.ts';
import type { Actor } from '../../kernel/identity.ts';
import type { Citation } from '../../kernel/law.ts';
import { randomBytes } from '../../kernel/random.ts';
import { create, found, listed, load, replace } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import type { Text } from '../../kernel/text.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { RULE_ACCEPTANCE_SCHEMA, RULE_LEAVING_SCHEMA } from '../../rules/platform-rule-schemas.ts';
import type { RuleAcceptanceInput, RuleLeavingInput } from '../../rules/platform-rule-schemas.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import { acceptanceId, announcedOn, commitmentOf, currentVersions, effectOf, inEffectOn, isPublic } from './records.ts';
import type { AcceptanceRecord, AcceptanceStep, RuleDocument, RuleVersionRecord } from './records.ts';

/** What a user has accepted, and since when. */
export type AcceptedRules = {
  readonly id: string;
  readonly document: RuleDocument;
  readonly version: string;
  readonly number: number;
  readonly sha256: string;
  /** Day of the acceptance, the latest where it was given anew. */
  readonly since: string;
};

/** What follows when an acceptance ends (退出的效果). */
type LeftRules = {
  readonly document: RuleDocument;
  readonly since: string;
  /** Versions whose acceptance ends. */
  readonly ended: readonly string[];
  /** The version what was agreed before goes on under; absent where only one not yet in effect was accepted. */
  readonly under?: string;
};

/** {@link LeftRules}, and what it means in words. */
export type Leaving = LeftRules & { readonly stays: Text; readonly citations: readonly Citation[] };

/** Where a user stands with a document (接受状态). */
export type RuleStanding = {
  readonly document: RuleDocument;
  /** The newest version accepted and not ended that is or was in effect. */
  readonly accepted?: AcceptedRules;
  /** The newest one accepted before it takes effect. */
  readonly acceptedAhead?: AcceptedRules;
  /** The version in effect today. */
  readonly inEffect?: { readonly version: string; readonly number: number; readonly sha256: string };
  /** Whether the version in effect is accepted. */
  readonly isCurrent: boolean;
  /** The next version that is announced and not yet accepted. */
  readonly awaits?: { readonly version: string; readonly number: number; readonly sha256: string; readonly effectiveFrom: string };
  /** Set once nothing is accepted any more. */
  readonly left?: { readonly since: string; readonly reason: RuleLeavingInput['reason'] };
};

/** Acceptance of the agreement and rules, and its end (接受与退出). */
export interface AcceptanceCommands {
  /**
   * Put on record that a user accepts a version, once; again gives the same answer. An employer or agency accepts for itself, the host’s server for a user
   * it names. @throws ZP_INPUT_INVALID (`content-changed`: another text was shown); ZP_STATE unless the version is in effect or announced; ZP_NOT_FOUND also for
   * one that was never public
   * @source Order 44 Art. 24(1)
   */
  acceptRules(actor: Actor, input: unknown, options?: DeskOptions): Promise<AcceptedRules>;
  /**
   * A user does not accept a change, or leaves. Whatever is still open, this is never refused; what was agreed before goes on under the version it was
   * made under. Once more is answered as the first time. @throws ZP_STATE where nothing ever was accepted @source E-commerce Law Art. 34(2)
   */
  withdrawAcceptance(actor: Actor, input: unknown, options?: DeskOptions): Promise<Leaving>;
  /** @param user for the host’s server, and for it alone */
  standingOf(actor: Actor, document: RuleDocument, user?: string): Promise<RuleStanding>;
  /** Newest first, ended ones included. */
  listAcceptances(
    actor: Actor,
    page: PageOptions,
    filter?: { readonly version?: string; readonly user?: string },
  ): Promise<Listing<Loaded<AcceptanceRecord>>>;
}

const PAGE = 200;
const STAYS: Text = {
  zh: '平台不阻止退出。退出前已成立的服务按成立时的协议版本履行完毕，依法应当保存的记录继续保存至法定期限届满。',
  en: 'The platform does not stand in the way. What was agreed before goes on under the version it was agreed under; records the law wants kept are kept until their time is over.',
};

function refuseUser(rule: string, zh: string, en: string): never {
  return refuse([{ pointer: '/user', rule, title: { zh, en }, advice: { zh, en }, citations: [] }]);
}

/** For whom somebody acts. @throws ZP_INPUT_INVALID */
function userOf(actor: Actor, user: string | undefined): string {
  if (actor.role !== 'operator')
    return user === undefined ? actor.id : refuseUser('self', '只能为本账号办理', 'is not named: an account acts for itself');
  if (user === undefined) return refuseUser('required', '须指明用户', 'is required: whose acceptance it is');
  return isOpaqueId(user) ? user : refuseUser('personal-information', '须为不含个人信息的标识', 'must be an opaque id');
}

function acceptedOf({ id, body }: Loaded<AcceptanceRecord>): AcceptedRules {
  const { document, ruleVersion: version, number, sha256, steps } = body;
  return { id, document, version, number, sha256, since: steps.findLast(({ step }) => step === 'accepted')?.on ?? '' };
}

interface Accepting {
  readonly version: Loaded<RuleVersionRecord>;
  readonly versions: readonly Loaded<RuleVersionRecord>[];
  readonly earlier?: Loaded<AcceptanceRecord>;
}

/** An acceptance with the first day of effect of its version; without one that was taken back. */
interface Accepted extends Loaded<AcceptanceRecord> {
  readonly from?: string;
}

function isInForce({ from }: Accepted, day: string): boolean {
  return from !== undefined && from <= day;
}

/** When and how it ended, where it has. */
function endOf({ steps }: AcceptanceRecord) {
  const last = steps.at(-1);
  return last?.step === 'withdrawn' ? last : undefined;
}

export function createAcceptances(context: DeskContext): AcceptanceCommands {
  const { execute, calendar } = context;
  const parseAcceptance = createValidator<RuleAcceptanceInput>(RULE_ACCEPTANCE_SCHEMA);
  const parseLeaving = createValidator<RuleLeavingInput>(RULE_LEAVING_SCHEMA);

  /** What the user ever accepted of a document, the newest version first. */
  async function acceptancesOf(reader: Reader, user: string, document: RuleDocument): Promise<readonly Accepted[]> {
    const all: Loaded<AcceptanceRecord>[] = [];
    let cursor: string | undefined;
    do {
      const page = await reader.find('acceptances', {
        where: { user },
        range: { field: 'at', gt: '' },
        limit: PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      });
      all.push(...listed<AcceptanceRecord>(page).items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    const own = all.filter(({ body }) => body.document === document).sort((a, b) => b.body.number - a.body.number);
    return Promise.all(
      own.map(async (one) => {
        const version = await load<RuleVersionRecord>(reader, 'ruleVersions', one.body.ruleVersion);
        const from = version && effectOf(version.body);
        return { ...one, ...(from === undefined ? {} : { from }) };
      }),
    );
  }

  return {
    async acceptRules(actor, input, options = {}) {
      context.permit(actor, 'rules.accept');
      const given = parseAcceptance(input);
      const user = userOf(actor, given.user);
      const salt = randomBytes(16).toString('base64url');
      return execute<Accepting, AcceptedRules>({
        actor,
        ...retrying(options),
        async load(reader) {
          const named = found(await load<RuleVersionRecord>(reader, 'ruleVersions', given.version));
          const version = found(isPublic(named.body) ? named : undefined);
          const earlier = await load<AcceptanceRecord>(reader, 'acceptances', acceptanceId(version.body.salt, actor.tenant, user));
          const versions = await currentVersions(reader, calendar, version.body.document, context.now());
          return { version, versions, ...(earlier ? { earlier } : {}) };
        },
        decide({ version, versions, earlier }, now) {
          const on = calendar.today(Date.parse(now));
          const { document, number, sha256 } = version.body;
          if (given.sha256 !== sha256)
            refuse([
              {
                pointer: '/sha256',
                rule: 'content-changed',
                title: { zh: '与该版本的内容哈希不符', en: 'is not the content hash of this version' },
                advice: { zh: '重新展示该版本全文后再取得接受', en: 'Show the text of this version and ask again' },
                citations: [cite('e-commerce', '33')],
              },
            ]);
          if (earlier?.body.state === 'accepted') return { drafts: [], result: acceptedOf(earlier) };
          const from = effectOf(version.body);
          if (from === undefined || (from <= on && inEffectOn(versions, on)?.id !== version.id))
            throw new ComplianceError('ZP_STATE', {
              detail: { zh: '该版本未公示、已撤回或已被替代', en: 'This version is not published, taken back or superseded' },
            });
          const step: AcceptanceStep = { step: 'accepted', at: now, on, by: actor.id, channel: given.channel };
          const id = acceptanceId(version.body.salt, actor.tenant, user);
          const body: AcceptanceRecord = earlier
            ? { ...earlier.body, state: 'accepted', steps: [...earlier.body.steps, step] }
            : {
                tenant: actor.tenant,
                user,
                ruleVersion: version.id,
                document,
                number,
                sha256,
                salt,
                commitment: commitmentOf(salt, user),
                state: 'accepted',
                at: now,
                steps: [step],
              };
          const facts = { document, version: version.id, number, sha256, user: body.commitment, channel: given.channel };
          const changes = [earlier ? replace('acceptances', earlier, body) : create('acceptances', id, body)];
          return {
            drafts: [{ kind: 'rules.accepted', subject: { collection: 'acceptances', id }, facts, changes }],
            result: acceptedOf({ id, version: (earlier?.version ?? 0) + 1, body }),
          };
        },
      });
    },
    async withdrawAcceptance(actor, input, options = {}) {
      context.permit(actor, 'rules.accept');
      const { document, reason, ...given } = parseLeaving(input);
      const user = userOf(actor, given.user);
      const left = await execute<readonly Accepted[], LeftRules>({
        actor,
        ...retrying(options),
        load: (reader) => acceptancesOf(reader, user, document),
        decide(acceptances, now) {
          const accepted = acceptances.filter(({ body }) => body.state === 'accepted');
          const leaving = (some: readonly Accepted[], since: string): LeftRules => {
            const under = some.find((one) => isInForce(one, since))?.body.ruleVersion;
            return { document, since, ended: some.map(({ body }) => body.ruleVersion), ...(under === undefined ? {} : { under }) };
          };
          if (accepted.length === 0) {
            const ends = acceptances.flatMap(({ body }) => endOf(body) ?? []);
            const last = ends.reduce<(typeof ends)[number] | undefined>((a, b) => (a === undefined || a.at < b.at ? b : a), undefined);
            if (last === undefined)
              throw new ComplianceError('ZP_STATE', { detail: { zh: '没有接受记录', en: 'Nothing was ever accepted' } });
            return {
              drafts: [],
              result: leaving(
                acceptances.filter(({ body }) => endOf(body)?.at === last.at),
                last.on,
              ),
            };
          }
          const on = calendar.today(Date.parse(now));
          const step: AcceptanceStep = { step: 'withdrawn', at: now, on, by: actor.id, reason };
          const drafts = accepted.map((one) => {
            const { ruleVersion: version, number, sha256, commitment, steps } = one.body;
            const body: AcceptanceRecord = { ...one.body, state: 'withdrawn', steps: [...steps, step] };
            return {
              kind: 'rules.withdrawn',
              subject: { collection: 'acceptances', id: one.id },
              facts: { document, version, number, sha256, user: commitment, reason },
              changes: [replace('acceptances', one, body)],
            };
          });
          return { drafts, result: leaving(accepted, on) };
        },
      });
      return { ...left, stays: STAYS, citations: [cite('e-commerce', '34(2)')] };
    },
    async standingOf(actor, document, user) {
      context.permit(actor, 'rules.accept');
      const whose = userOf(actor, user);
      const reader = context.reader(actor.tenant);
      const [versions, acceptances] = await Promise.all([
        currentVersions(reader, calendar, document, context.now()),
        acceptancesOf(reader, whose, document),
      ]);
      const today = calendar.today(context.now());
      const inEffect = inEffectOn(versions, today);
      const held = acceptances.filter(({ body }) => body.state === 'accepted');
      const has = (version: string): boolean => held.some(({ body }) => body.ruleVersion === version);
      const next = announcedOn(versions, today).find(({ id }) => !has(id));
      const accepted = held.find((one) => isInForce(one, today));
      const ahead = held.find(({ from }) => from !== undefined && from > today);
      const last = acceptances
        .flatMap(({ body }) => body.steps)
        .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
        .findLast(({ step }) => step === 'withdrawn');
      const shown = ({ id, body }: Loaded<RuleVersionRecord>) => ({ version: id, number: body.number, sha256: body.sha256 });
      return {
        document,
        ...(accepted ? { accepted: acceptedOf(accepted) } : {}),
        ...(ahead ? { acceptedAhead: acceptedOf(ahead) } : {}),
        ...(inEffect ? { inEffect: shown(inEffect) } : {}),
        isCurrent: inEffect !== undefined && has(inEffect.id),
        ...(next ? { awaits: { ...shown(next), effectiveFrom: effectOf(next.body) ?? '' } } : {}),
        ...(held.length === 0 && last?.step === 'withdrawn' ? { left: { since: last.on, reason: last.reason } } : {}),
      };
    },
    async listAcceptances(actor, page, { version, user } = {}) {
      context.permit(actor, 'rules.log');
      const where = { ...(version === undefined ? {} : { ruleVersion: version }), ...(user === undefined ? {} : { user }) };
      const query = { where, range: { field: 'at', gt: '' }, order: 'desc' as const, ...page };
      return listed<AcceptanceRecord>(await context.reader(actor.tenant).find('acceptances', query));
    },
  };
}
