import { contentHash } from '../../kernel/canonical.ts';
import { ComplianceError } from '../../kernel/errors.ts';
import { isOpaqueId } from '../../kernel/identity.ts';
import type { Actor } from '../../kernel/identity.ts';
import type { Reader } from '../../kernel/execute.ts';
import { create, found, load, replace } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import { createValidator, refuse } from '../../kernel/validate.ts';
import { cite } from '../../rules/instruments.ts';
import { MATERIAL_SCHEMA, TAKEDOWN_SCHEMA } from '../../rules/schemas.ts';
import type { MaterialInput, TakedownInput } from '../../rules/schemas.ts';
import { own, permit } from './access.ts';
import { decision, decisionFacts, idempotent } from './context.ts';
import type { CommandOptions, ReviewContext } from './context.ts';
import type { MaterialRecord, OrganisationRecord, ReviewRecord } from './records.ts';
import { reasonsOf } from './reasons.ts';

/** What of a material a verdict is bound to. */
export function materialHash(
  material: Pick<MaterialRecord, 'kind' | 'employerUscc' | 'reference' | 'sha256' | 'expiresOn' | 'handler' | 'salt'>,
): string {
  const { kind, employerUscc, reference, sha256, expiresOn = null, handler = null, salt } = material;
  return contentHash({ kind, employerUscc, reference, sha256, expiresOn, handler, salt });
}

/** Every material of an organisation for one hiring employer (at most a few dozen live ones). */
export async function materialsFor(reader: Reader, organisation: string, employerUscc: string): Promise<readonly Loaded<MaterialRecord>[]> {
  const all: Loaded<MaterialRecord>[] = [];
  let cursor: string | undefined;
  do {
    const page = await reader.find('materials', {
      where: { organisation, employerUscc },
      limit: 500,
      ...(cursor === undefined ? {} : { cursor }),
    });
    all.push(...page.records.map((r) => ({ id: r.id, version: r.version, body: r.body as MaterialRecord })));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
}

export type SubmittedMaterial = { readonly id: string; readonly version: number; readonly review: string };

/** Materials of employers (用人单位材料). */
export interface MaterialCommands {
  /** Submit one material for review; the file stays with the host. @source Order 44 Art. 17(1) @throws ZP_INPUT_INVALID, ZP_ACCOUNT_SCOPE */
  submitMaterial(actor: Actor, input: unknown, options?: CommandOptions): Promise<SubmittedMaterial>;
  getMaterial(actor: Actor, id: string): Promise<Loaded<MaterialRecord>>;
  listMaterials(
    actor: Actor,
    organisation: string,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ readonly items: readonly Loaded<MaterialRecord>[]; readonly cursor?: string }>;
  /** Take back an acceptance; postings that rest on it stop being shown at once. @throws ZP_STATE, ZP_INPUT_INVALID */
  revokeMaterial(
    actor: Actor,
    id: string,
    input: unknown,
    options?: CommandOptions,
  ): Promise<{ readonly id: string; readonly version: number; readonly decision: string }>;
}

/** The material commands over a context. */
export function createMaterials(context: ReviewContext): MaterialCommands {
  const parse = createValidator<MaterialInput>(MATERIAL_SCHEMA);
  const parseTakedown = createValidator<TakedownInput>(TAKEDOWN_SCHEMA);

  return {
    async submitMaterial(actor, input, options = {}) {
      permit(actor, 'material.submit');
      const fields = parse(input);
      if (fields.handler !== undefined && !isOpaqueId(fields.handler)) {
        refuse([
          {
            pointer: '/handler',
            rule: 'opaque-id',
            citations: [cite('order44', '21(2)')],
            title: { zh: '经办人标识不得是证件号码或电话', en: 'The handler is an account id, never an identity or telephone number' },
            advice: { zh: '填写该经办人在本平台的账号标识', en: 'Give the id of the handler’s account on the platform' },
          },
        ]);
      }
      const organisation = actor.organisation ?? '';
      const id = context.newId();
      const salt = context.newSalt();
      return context.execute<Loaded<OrganisationRecord> | undefined, SubmittedMaterial>({
        actor,
        ...idempotent(options),
        load: (reader) => load<OrganisationRecord>(reader, 'organisations', organisation),
        decide(registered, now) {
          if (registered === undefined)
            throw new ComplianceError('ZP_ACCOUNT_SCOPE', {
              detail: { zh: '本单位尚未登记', en: 'The organisation is not registered yet' },
            });
          const { accountType, uscc, branches } = registered.body;
          if (accountType === 'employer-direct' && ![uscc, ...branches.map((b) => b.uscc)].includes(fields.employerUscc)) {
            throw new ComplianceError('ZP_ACCOUNT_SCOPE', { citations: [cite('notice-2025-60', '3')] });
          }
          if (fields.expiresOn !== undefined && fields.expiresOn < context.calendar.today(Date.parse(now))) {
            refuse([
              {
                pointer: '/expiresOn',
                rule: 'expired',
                citations: [cite('order44', '17(1)')],
                title: { zh: '材料已过期', en: 'The material has expired' },
                advice: { zh: '提交有效期内的材料', en: 'Submit one that is in date' },
              },
            ]);
          }
          const review = `material.${id}.1`;
          const body: MaterialRecord = {
            ...fields,
            salt,
            tenant: actor.tenant,
            organisation,
            state: 'submitted',
            submittedBy: actor.id,
            submittedAt: now,
            review,
            barred: [actor.id],
          };
          const hash = materialHash(body);
          const task: ReviewRecord = {
            tenant: actor.tenant,
            kind: 'material',
            subject: id,
            organisation,
            contentHash: hash,
            state: 'open',
            openedAt: now,
            barred: [actor.id],
            fence: 0,
          };
          // The file's own hash stays out: of an identity document it could be guessed.
          const facts = { kind: fields.kind, contentHash: hash };
          return {
            drafts: [
              {
                kind: 'material.submitted',
                subject: { collection: 'materials', id },
                facts,
                changes: [create('materials', id, body), create('reviews', review, task)],
              },
            ],
            result: { id, version: 1, review },
          };
        },
      });
    },

    async getMaterial(actor, id) {
      permit(actor, 'material.read');
      const material = found(await load<MaterialRecord>(context.reader(actor.tenant), 'materials', id));
      own(actor, material.body.organisation);
      return material;
    },

    async listMaterials(actor, organisation, page) {
      permit(actor, 'material.read');
      own(actor, organisation);
      const result = await context.reader(actor.tenant).find('materials', { where: { organisation }, ...page });
      const items = result.records.map((r) => ({ id: r.id, version: r.version, body: r.body as MaterialRecord }));
      return { items, ...(result.cursor === undefined ? {} : { cursor: result.cursor }) };
    },

    async revokeMaterial(actor, id, input, options = {}) {
      permit(actor, 'material.revoke');
      const reasons = reasonsOf(parseTakedown(input).reasons);
      const decisionId = context.newId();
      return context.execute({
        actor,
        ...idempotent(options),
        load: async (reader) => found(await load<MaterialRecord>(reader, 'materials', id)),
        decide(current: Loaded<MaterialRecord>, now) {
          if (options.expectedVersion !== undefined && options.expectedVersion !== current.version)
            throw new ComplianceError('ZP_PRECONDITION_FAILED');
          if (current.body.state !== 'accepted') throw new ComplianceError('ZP_STATE');
          const made = decision({
            tenant: actor.tenant,
            subject: id,
            collection: 'materials',
            organisation: current.body.organisation,
            contentHash: materialHash(current.body),
            verdict: 'revoke',
            automated: false,
            by: actor.id,
            at: now,
            reasons,
          });
          const body: MaterialRecord = { ...current.body, state: 'revoked', verdict: { by: actor.id, at: now, decision: decisionId } };
          return {
            drafts: [
              {
                kind: 'material.revoked',
                subject: { collection: 'materials', id },
                facts: decisionFacts(decisionId, made),
                changes: [replace('materials', current, body), create('decisions', decisionId, made)],
              },
            ],
            result: { id, version: current.version + 1, decision: decisionId },
          };
        },
      });
    },
  };
}
