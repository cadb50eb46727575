import type { Actor } from '../../kernel/identity.ts';
import { create, listed } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions } from '../../kernel/records.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import type { Text } from '../../kernel/text.ts';
import { cite } from '../../rules/instruments.ts';
import { SECURITY_PROOF_SCHEMA } from '../../rules/supervision-schemas.ts';
import type { SecurityProofInput } from '../../rules/supervision-schemas.ts';
import { retrying } from '../../kernel/desk.ts';
import type { DeskOptions } from '../../kernel/desk.ts';
import type { DeskContext } from '../../rules/permissions.ts';

/** One row of the register (网络安全证明登记). */
export type SecurityRecord = SecurityProofInput & {
  readonly tenant: string;
  readonly by: string;
  readonly at: string;
  /** For a proof of logs: whether they reach back as far as the law asks. */
  readonly enough?: boolean;
};

/** What there is, and what is missing (登记概况). */
export interface SecurityStatus {
  readonly kinds: readonly {
    readonly kind: SecurityProofInput['kind'];
    readonly title: Text;
    readonly latest?: Loaded<SecurityRecord>;
    /** None on record, out of date, or logs that do not reach back far enough. */
    readonly missing: boolean;
  }[];
}

/** How the network is protected, with proofs (网络安全义务的证明). */
export interface SecurityCommands {
  /** @throws ZP_INPUT_INVALID for one from the future @source Order 44 Art. 20 */
  recordSecurityProof(actor: Actor, input: unknown, options?: DeskOptions): Promise<{ readonly id: string; readonly enough: boolean }>;
  listSecurityProofs(actor: Actor, page: PageOptions): Promise<Listing<Loaded<SecurityRecord>>>;
  securityStatus(actor: Actor): Promise<SecurityStatus>;
}

/** @source Cybersecurity Law Art. 23 */
const LOG_MONTHS = 6;

/** What an inspector asks for, and the clock that asks for it again. */
export const SECURITY_KINDS: readonly { readonly kind: SecurityProofInput['kind']; readonly title: Text; readonly clock?: string }[] = [
  { kind: 'mlps-grading', title: { zh: '等级保护定级', en: 'Grading under the protection scheme' } },
  { kind: 'mlps-filing', title: { zh: '等级保护备案', en: 'Filing of the grade' } },
  { kind: 'mlps-test', title: { zh: '等级测评', en: 'Test of the grade' }, clock: 'mlps-test' },
  { kind: 'log-retention', title: { zh: '网络日志留存六个月以上', en: 'Network logs of six months' }, clock: 'log-proof' },
  { kind: 'incident-plan', title: { zh: '网络安全应急预案', en: 'Incident plan' } },
  { kind: 'incident-drill', title: { zh: '应急演练', en: 'Drill of the plan' }, clock: 'incident-drill' },
  { kind: 'training', title: { zh: '安全培训', en: 'Security training' } },
  { kind: 'security-system', title: { zh: '网络安全管理制度', en: 'Written security rules' } },
];

export function createSecurity(context: DeskContext): SecurityCommands {
  const { execute, calendar } = context;
  const parse = createValidator<SecurityProofInput>(SECURITY_PROOF_SCHEMA);
  return {
    async recordSecurityProof(actor, input, options = {}) {
      context.permit(actor, 'supervision.keep');
      const given = parse(input);
      const today = calendar.today(context.now());
      for (const [pointer, day] of [
        ['/on', given.on],
        ['/oldestLog', given.oldestLog ?? today],
      ] as const) {
        if (day > today) {
          const title = { zh: '不得晚于今日', en: 'must not be after today' };
          refuse([{ pointer, rule: 'future', title, advice: title, citations: [cite('order44', '20')] }]);
        }
      }
      const enough = given.kind !== 'log-retention' || (given.oldestLog ?? today) <= calendar.addMonths(given.on, -LOG_MONTHS);
      const id = context.newId();
      return execute<undefined, { readonly id: string; readonly enough: boolean }>({
        actor,
        ...retrying(options),
        load: async () => undefined,
        decide(_state, now) {
          const body: SecurityRecord = {
            ...given,
            tenant: actor.tenant,
            by: actor.id,
            at: now,
            ...(given.kind === 'log-retention' ? { enough } : {}),
          };
          const { kind, on, sha256 } = given;
          const facts = { kind, on, sha256, ...(given.kind === 'log-retention' ? { oldestLog: given.oldestLog ?? '', enough } : {}) };
          const subject = { collection: 'securityProofs', id };
          return {
            drafts: [{ kind: 'security.proved', subject, facts, changes: [create('securityProofs', id, body)] }],
            result: { id, enough },
          };
        },
      });
    },
    async listSecurityProofs(actor, page) {
      context.permit(actor, 'supervision.read');
      const reader = context.reader(actor.tenant);
      return listed<SecurityRecord>(await reader.find('securityProofs', { range: { field: 'on', gt: '' }, order: 'desc', ...page }));
    },
    async securityStatus(actor) {
      context.permit(actor, 'supervision.read');
      const today = calendar.today(context.now());
      const kinds = await Promise.all(
        SECURITY_KINDS.map(async ({ kind, title }) => {
          const latest = await latestOf(context, actor.tenant, kind);
          const { validThrough, enough } = latest?.body ?? {};
          const missing = latest === undefined || (validThrough !== undefined && validThrough < today) || enough === false;
          return { kind, title, ...(latest ? { latest } : {}), missing };
        }),
      );
      return { kinds };
    },
  };
}

/** The latest proof of a kind, by its own day. */
async function latestOf(
  context: Pick<DeskContext, 'reader'>,
  tenant: string,
  kind: SecurityProofInput['kind'],
): Promise<Loaded<SecurityRecord> | undefined> {
  const page = await context
    .reader(tenant)
    .find('securityProofs', { where: { kind }, range: { field: 'on', gt: '' }, order: 'desc', limit: 1 });
  return listed<SecurityRecord>(page).items[0];
}
