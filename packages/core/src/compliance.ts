import { applicability } from './domain/applicability.ts';
import type { Applicability } from './domain/applicability.ts';
import { createConfidentiality } from './domain/confidentiality.ts';
import type { ConfidentialityCommands } from './domain/confidentiality.ts';
import { createDeclareLoss } from './domain/declare-loss.ts';
import type { LossCommands } from './domain/declare-loss.ts';
import { createAccess } from './domain/personal-information/access.ts';
import type { AccessCommands } from './domain/personal-information/access.ts';
import { createConsents } from './domain/personal-information/consents.ts';
import type { ConsentCommands } from './domain/personal-information/consents.ts';
import { createIncidents } from './domain/personal-information/incidents.ts';
import type { IncidentCommands } from './domain/personal-information/incidents.ts';
import { createRights } from './domain/personal-information/rights.ts';
import type { RightsCommands } from './domain/personal-information/rights.ts';
import { createScale } from './domain/personal-information/scale.ts';
import type { ScaleCommands } from './domain/personal-information/scale.ts';
import { createTransfers } from './domain/personal-information/transfers.ts';
import type { TransferCommands } from './domain/personal-information/transfers.ts';
import type { ReviewContext } from './domain/posting-review/context.ts';
import { createDecide } from './domain/posting-review/decide.ts';
import type { DecideCommands } from './domain/posting-review/decide.ts';
import { createLifecycle } from './domain/posting-review/lifecycle.ts';
import type { LifecycleCommands } from './domain/posting-review/lifecycle.ts';
import { createMaterials } from './domain/posting-review/materials.ts';
import type { MaterialCommands } from './domain/posting-review/materials.ts';
import { createQueue } from './domain/posting-review/queue.ts';
import type { QueueCommands } from './domain/posting-review/queue.ts';
import { createRegistry } from './domain/posting-review/registry.ts';
import type { RegistryCommands } from './domain/posting-review/registry.ts';
import { permit } from './domain/posting-review/access.ts';
import { screenFilters } from './domain/posting-review/filters.ts';
import { createPacks } from './domain/posting-review/packs.ts';
import type { PackCommands } from './domain/posting-review/packs.ts';
import { createRescreen } from './domain/posting-review/rescreen.ts';
import type { RescreenCommands } from './domain/posting-review/rescreen.ts';
import { createSubmit } from './domain/posting-review/submit.ts';
import type { SubmitCommands } from './domain/posting-review/submit.ts';
import { createRetainedPostings } from './domain/posting-review/retained.ts';
import type { RetentionContext } from './domain/retention/context.ts';
import { keptUntil } from './domain/retention/keeping.ts';
import { createRetention } from './domain/retention/retention.ts';
import type { RetentionCommands } from './domain/retention/retention.ts';
import { guardedStore } from './domain/retention/store-guard.ts';
import { createRuns } from './domain/schedule/runs.ts';
import type { RunCommands, RunContext } from './domain/schedule/runs.ts';
import { createAudits } from './domain/self-audit/audits.ts';
import type { AuditCommands } from './domain/self-audit/audits.ts';
import { createProbes } from './domain/self-audit/probes.ts';
import { startPublisher } from './evidence/anchors/publisher.ts';
import { anchorStates } from './evidence/anchors/state.ts';
import { createLog } from './evidence/log.ts';
import { readLosses } from './evidence/loss.ts';
import { createSigner } from './evidence/note.ts';
import { createEvidenceReads } from './evidence/reads.ts';
import type { EvidenceReads } from './evidence/reads.ts';
import { startSequencer } from './evidence/sequencer.ts';
import { verifyEvidence } from './evidence/verify/verify.ts';
import { createVouching } from './evidence/vouching.ts';
import { createCalendar } from './kernel/calendar.ts';
import { systemClock } from './kernel/clock.ts';
import { createConfidential } from './kernel/confidential.ts';
import type { Confidential } from './kernel/confidential.ts';
import { ComplianceError, isComplianceError } from './kernel/errors.ts';
import { createExecute, createReader } from './kernel/execute.ts';
import type { Execute, Reader } from './kernel/execute.ts';
import { letterId } from './kernel/ids.ts';
import { createIdentity } from './kernel/identity.ts';
import type { Actor } from './kernel/identity.ts';
import type { Keys } from './kernel/keys.ts';
import { randomBytes } from './kernel/random.ts';
import type { Store } from './kernel/store.ts';
import { createSubjectKeys } from './kernel/subject-keys.ts';
import type { SubjectKeys } from './kernel/subject-keys.ts';
import { recordUnsealed } from './kernel/unsealed.ts';
import type { Unsealed } from './kernel/unsealed.ts';
import { createValidator } from './kernel/validate.ts';
import { checkOptions } from './options.ts';
import { createOperatorDuties } from './operator-duties.ts';
import type { OperatorDutyCommands } from './operator-duties.ts';
import type { ComplianceOptions } from './options.ts';
import { cite } from './rules/instruments.ts';
import { checkPackCitations } from './rules/pack-citations.ts';
import { CN_NATIONAL } from './rules/pack-cn-national.ts';
import { SCREENING_SCHEMA } from './rules/schemas.ts';
import type { ScreeningInput } from './rules/schemas.ts';
import { SEALED_FIELDS } from './rules/sealed-fields.ts';
import { compilePack, screen } from './screening/engine.ts';
import type { CompiledPack } from './screening/engine.ts';
import type { Pack, ScreenInput, ScreenResult } from './screening/types.ts';

/** The duties of one platform, ready to call (合规内核). */
export interface Compliance
  extends
    RegistryCommands,
    MaterialCommands,
    SubmitCommands,
    QueueCommands,
    DecideCommands,
    LifecycleCommands,
    RescreenCommands,
    PackCommands,
    ConfidentialityCommands,
    RetentionCommands,
    AccessCommands,
    ConsentCommands,
    RightsCommands,
    TransferCommands,
    IncidentCommands,
    ScaleCommands,
    RunCommands,
    AuditCommands,
    OperatorDutyCommands,
    LossCommands {
  readonly evidence: EvidenceReads;
  /** Reference of the screening pack in force. */
  readonly pack: string;
  /** Who a bearer token speaks for. @throws ZP_TOKEN_INVALID */
  authenticate(token: string): Promise<Actor>;
  /** Screen any text or filters: a draft, a recruiter's search, a reason for turning someone down. Nothing is stored. */
  screenText(actor: Actor, input: unknown): ScreenResult;
  /** Which articles bind this operator, and why. @throws ZP_APPLICABILITY_UNKNOWN, ZP_NOT_FOUND */
  applicability(actor: Actor): Promise<Applicability>;
  /**
   * The same duties over a store bound to the host's open transaction (宿主事务内): the host's rows, the records and their
   * evidence are kept or lost together. Entries get their numbers after the host has committed.
   */
  within(store: Store): Compliance;
  /** Resolves when the store answers; rejects with ZP_STORE_UNAVAILABLE. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** The kit's own pack, which never changes, compiled once a process: many tenants, tests and replicas of a host share it. */
let national: CompiledPack | undefined;
/** What a recruiter looks at in a day of work, and not a list to take home. */
const DAILY_SUBJECTS = 200;
const RANK = { pass: 0, advise: 1, review: 2, block: 3 } as const;
/** What the engine reads of a screening request. */
function screenInput(fields: Omit<ScreeningInput, 'filters' | 'context'>): ScreenInput {
  const { rejectionReason, text, ...rest } = fields;
  const joined = [text, rejectionReason].filter((part) => part !== undefined).join('\n');
  return { ...rest, ...(joined === '' ? {} : { text: joined }) };
}

/** What each job does here; one whose means are not configured does nothing, and is not run. */
function jobsOf(
  lifecycle: LifecycleCommands,
  keeping: RetentionCommands,
  audits: AuditCommands,
  operator: OperatorDutyCommands,
  hasPayments: boolean,
  archive: RetentionCommands | undefined,
  secrets: ConfidentialityCommands | undefined,
): RunContext['work'] {
  return {
    'expire-postings': (actor) => lifecycle.expirePostings(actor),
    'settle-services': (actor) => keeping.settleServices(actor),
    'retention-tick': (actor) => keeping.tickRetention(actor),
    'duties-tick': (actor) => operator.tickDuties(actor),
    'reconcile-fees': hasPayments ? (actor) => operator.reconcileDue(actor) : undefined,
    'disclosure-monitor': (actor) => operator.checkHomePages(actor),
    'light-audit': (actor) => audits.startAudit(actor, { kind: 'light' }),
    'settle-erasures': secrets && ((actor) => secrets.settleErasures(actor)),
    'archive-retained':
      archive &&
      (async (actor) => {
        for (let more = true; more;) ({ more } = await archive.archiveRetained(actor));
      }),
    'restore-drill':
      archive &&
      (async (actor) => {
        try {
          const { ok } = await archive.drillRetention(actor, {});
          if (!ok) throw new ComplianceError('ZP_EVIDENCE_BROKEN');
        } catch (error) {
          // Nothing is archived yet: there is nothing to have back.
          if (!isComplianceError(error) || error.code !== 'ZP_NOT_FOUND') throw error;
        }
      }),
  };
}

/** The writer and reader of the duties: sealing, or in clear with the reason on record. @throws ZP_OPTION_INVALID */
function confidence(
  keys: Keys | Unsealed | undefined,
  execute: Execute,
  plain: (tenant: string) => Reader,
): Confidential & { readonly sealing?: { readonly keys: Keys; readonly subjects: SubjectKeys } } {
  const over = (_tenant: string, from: Reader): Reader => from;
  if (keys === undefined) {
    if (process.env['NODE_ENV'] !== 'production') return { execute, reader: plain, over };
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: {
        zh: 'keys 必填：提供密钥以密封个人信息，或以 unsealed({ reason }) 说明理由',
        en: 'keys is required: give keys to seal personal information with, or unsealed({ reason })',
      },
      citations: [cite('order44', '21(2)'), cite('pipl', '51')],
    });
  }
  if ('unsealed' in keys) return { execute: recordUnsealed(execute, keys.unsealed), reader: plain, over };
  const subjects = createSubjectKeys(execute, keys);
  return { ...createConfidential(execute, plain, subjects, SEALED_FIELDS), sealing: { keys, subjects } };
}

/**
 * Build the compliance kernel over a store (创建合规内核). Options are checked once, here.
 * @throws ZP_OPTION_INVALID naming the option
 */
export function createCompliance(options: ComplianceOptions): Compliance {
  checkOptions(options);
  const { store, signing, identity, clock = systemClock, calendar = createCalendar(), secondOpinion } = options;
  const newId = options.newId ?? (() => letterId(clock.now()));
  const signer = createSigner(signing.name, signing.privateKeyPem, signing.alsoSignWith);
  const verifier = createIdentity(identity, clock);
  // The one thing that changes while running: which pack screens. It is swapped whole, never edited.
  const prepare = (pack: Pack): CompiledPack => {
    checkPackCitations(pack);
    return pack === CN_NATIONAL ? (national ??= compilePack(pack)) : compilePack(pack);
  };
  let compiled = prepare(options.pack ?? CN_NATIONAL);
  const parseScreening = createValidator<ScreeningInput>(SCREENING_SCHEMA);
  const now = (): number => clock.now();
  function build(bare: Store, isInner: boolean): Compliance {
    const own = guardedStore(bare);
    const log = createLog(own, signer, { onlyInbox: isInner, clock });
    const write = createExecute({ store: own, log, clock, newId });
    const publisher = isInner || !options.anchors ? undefined : startPublisher(options.anchors, { store: own, clock });
    const sequencer = isInner ? undefined : startSequencer(write.integrate);
    const plain = (tenant: string): Reader => createReader(own, tenant);
    const { execute, reader, over, sealing } = confidence(options.keys, write, plain);
    const context: ReviewContext = {
      execute,
      reader,
      calendar,
      screen: (input, flags) => screen(input, compiled, { context: flags }),
      pack: {
        get reference() {
          return compiled.reference;
        },
        exceptionsOf: (rule) => compiled.pack.rules.find((r) => r.id === rule)?.exceptions.map((e) => e.id) ?? [],
      },
      ...(secondOpinion ? { secondOpinion } : {}),
      newId,
      newSalt: () => randomBytes(16).toString('base64url'),
    };
    const postings = createRetainedPostings(calendar);
    const retention: RetentionContext = {
      execute,
      reader,
      stored: plain,
      opened: over,
      calendar,
      permit,
      postings,
      modesOf: async (from, tenant) => ((await from.get('operators', tenant))?.body['modes'] as readonly string[] | undefined) ?? [],
      hasLosses: async (tenant) => (await readLosses(own)).some((loss) => loss.tenant === tenant),
      isVouched: createVouching(own, log, signer.vkeys),
      sources: options.retention?.timeSources ?? [],
      hooks: options.retention ?? {},
      ...(options.retention?.archive ? { archive: options.retention.archive } : {}),
      newId,
      now,
    };
    const confidentiality = {
      execute: write,
      reader: plain,
      permit,
      ...(sealing ? { sealing } : {}),
      async keeping(from: Reader, tenant: string, subject: string) {
        const { organisations, isUnderWay } = await postings.about(from, subject);
        const until = await keptUntil(retention, from, tenant, organisations);
        return { isKept: organisations.length > 0, isUnderWay, ...(until === undefined ? {} : { until }) };
      },
    };
    const registry = createRegistry(context, applicability);
    const lifecycle = createLifecycle(context, now);
    const keeping = createRetention(retention);
    const secrets = createConfidentiality(confidentiality);
    const desk = { execute: write, reader: plain, calendar, permit, newId, now };
    const checkpoint = async (tenant: string): Promise<string> => (await log.head(tenant)).checkpoint;
    const operator = createOperatorDuties({ ...desk, checkpoint, screen: (text) => screen({ text }, compiled) }, options);
    const audits = createAudits({
      ...desk,
      checkpoint,
      probes: createProbes({
        reader: plain,
        calendar,
        now,
        sealed: SEALED_FIELDS,
        ...(sealing ? { currentKey: () => sealing.keys.current() } : {}),
        async faults(tenant) {
          const { tenants, ok } = await verifyEvidence(own, { tenant });
          return ok
            ? 0
            : Math.max(
                1,
                tenants.reduce((sum, one) => sum + one.faults.length, 0),
              );
        },
        async anchors(tenant) {
          const states = (await anchorStates(own, now(), tenant)).filter(({ retired }) => retired === undefined);
          return { count: states.length, behind: states.flatMap(({ anchor, finding }) => (finding ? [anchor] : [])) };
        },
        dueBefore: async (actor, day) =>
          (await keeping.planDisposal(actor, { cap: 500 })).items.filter(({ retainUntil }) => retainUntil < day).length,
        hasArchive: retention.archive !== undefined,
        host: options.selfAudit?.probes ?? {},
      }),
    });
    const losses = createDeclareLoss({ store: own, execute: write, permit, vkeys: signer.vkeys });

    return {
      ...registry,
      ...createMaterials(context),
      ...createSubmit(context),
      ...createQueue(context, now),
      ...createDecide(context),
      ...lifecycle,
      ...createRescreen(context),
      ...secrets,
      ...losses,
      ...keeping,
      ...audits,
      ...operator,
      ...createRuns({
        execute: write,
        reader: plain,
        permit,
        now,
        newId,
        work: jobsOf(
          lifecycle,
          keeping,
          audits,
          operator,
          options.fees?.exportPayments !== undefined,
          retention.archive && keeping,
          sealing && secrets,
        ),
      }),
      ...createAccess({
        ...desk,
        hooks: options.personal ?? {},
        dailySubjects: options.personal?.dailySubjects ?? DAILY_SUBJECTS,
      }),
      ...createConsents(desk),
      ...createRights(desk),
      ...createTransfers(desk),
      ...createIncidents(desk),
      ...createScale(desk),
      ...createPacks(
        context,
        () => compiled.pack,
        (pack) => {
          const next = prepare(pack);
          return {
            reference: next.reference,
            activate() {
              compiled = next;
            },
          };
        },
      ),
      get pack() {
        return compiled.reference;
      },
      authenticate: (token) => verifier.verify(token),
      screenText(actor, input) {
        permit(actor, 'screening.use');
        const { filters, context: flags = [], ...texts } = parseScreening(input);
        const result = context.screen(screenInput(texts), flags);
        const findings = [...result.findings, ...screenFilters(filters ?? {})];
        const outcome = findings.reduce((worst, { severity }) => (RANK[severity] > RANK[worst] ? severity : worst), result.outcome);
        return { ...result, outcome, findings };
      },
      async applicability(actor) {
        const { agencyType, modes, jurisdictions } = (await registry.getOperator(actor)).body;
        return applicability({ agencyType, modes, jurisdictions });
      },
      evidence: createEvidenceReads(own, log, clock, (actor) => permit(actor, 'evidence.read')),
      async ready() {
        await own.get('operators', 'ready');
      },
      within: (inner) => build(inner, true),
      async close() {
        // A transaction is the host's to end.
        if (isInner) return;
        await sequencer?.stop();
        await publisher?.stop();
        await log.release();
        await own.close();
      },
    };
  }
  return build(store, false);
}
