import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { contentHash, isComplianceError, verifyEvidence } from '@zhengpin/core';
import type { Actor, DecisionRecord, MaterialRecord, PostingContent, PostingRecord, ReviewRecord, VersionRecord } from '@zhengpin/core';

import {
  agency,
  auditor,
  CLIENT,
  createPlatform,
  employer,
  FIRM,
  inspector,
  officer,
  operator,
  OPERATOR,
  posting,
  reviewer,
  reviewer2,
} from './platform.ts';
import type { Platform } from './platform.ts';

const RIVAL: Actor = { id: 'acct-reviewer-1', tenant: 'main', role: 'employer', organisation: 'org-firm' };
const ACTORS: readonly Actor[] = [
  employer,
  agency,
  RIVAL,
  reviewer,
  reviewer2,
  officer,
  auditor,
  inspector,
  operator,
  { ...reviewer, tenant: 'other' },
];
const CONTENTS: readonly PostingContent[] = [
  posting(),
  posting({ headcount: 5 }),
  posting({ requirements: '仅限男性' }),
  posting({ validity: { reconfirmEveryDays: 3 } }),
  posting({ hiresForeigners: true }),
  posting({ employer: CLIENT }),
];
const KINDS = ['recruitment-brief', 'business-licence', 'approval-document', 'handler-identity', 'authorisation-letter'];

interface Step {
  readonly verb: number;
  readonly actor: number;
  readonly content: number;
  readonly pick: number;
}

/** One API call chosen by numbers; what it refuses is part of the game. */
async function play(platform: Platform, step: Step): Promise<void> {
  const { compliance, store, clock } = platform;
  const actor = ACTORS[step.actor % ACTORS.length] ?? employer;
  const content = CONTENTS[step.content % CONTENTS.length] ?? posting();
  const pick = async (collection: string) => {
    const { records } = await store.find(collection, { limit: 200 });
    return records[step.pick % Math.max(1, records.length)];
  };
  const id = async (collection: string) => (await pick(collection))?.id ?? 'none';
  const someone = async (collection: string) => {
    const record = await pick(collection);
    return { id: record?.id ?? 'none', expectedVersion: record?.version ?? 1 };
  };
  const calls: readonly (() => Promise<unknown>)[] = [
    () => compliance.submitPosting(actor, content),
    async () => {
      const { id: posted, expectedVersion } = await someone('postings');
      return compliance.submitPosting(actor, content, { id: posted, expectedVersion });
    },
    () => compliance.saveDraft(actor, { title: '草稿' }),
    async () => compliance.claimReview(actor, await id('reviews')),
    async () => {
      const { id: task, expectedVersion } = await someone('reviews');
      const verdict = ['approve', 'return', 'reject', 'uphold', 'overturn'][step.content % 5];
      const reasons = [{ reason: 'untrue-information' }];
      return compliance.decideReview(
        actor,
        task,
        { verdict, reasons, checklist: step.pick % 2 === 0 ? ['special-need', 'permit-before-work', 'lawful-post'] : [] },
        { expectedVersion },
      );
    },
    async () => compliance.publishPosting(actor, await id('postings')),
    async () => compliance.withdrawPosting(actor, await id('postings')),
    async () => compliance.confirmPosting(actor, await id('postings')),
    async () => compliance.closePosting(actor, await id('postings')),
    async () => {
      const { id: posted, expectedVersion } = await someone('postings');
      return compliance.suspendPosting(actor, posted, { reasons: [{ reason: 'fraud-signal' }] }, { expectedVersion });
    },
    async () => compliance.appealDecision(actor, await id('decisions'), { explanation: '请复核该决定' }),
    () =>
      compliance.submitMaterial(actor, {
        kind: KINDS[step.pick % 5],
        employerUscc: FIRM.uscc,
        reference: 'f',
        sha256: 'b'.repeat(64),
        handler: employer.id,
        expiresOn: '2026-12-20',
      }),
    async () => {
      const { id: material, expectedVersion } = await someone('materials');
      return compliance.revokeMaterial(actor, material, { reasons: [{ reason: 'material-expired' }] }, { expectedVersion });
    },
    async () =>
      compliance.setOperator(
        actor,
        step.pick % 2 === 0 ? OPERATOR : { ...OPERATOR, licence: { ...OPERATOR.licence, validThrough: '2026-12-01' } },
      ),
    () =>
      compliance.registerOrganisation(
        actor,
        step.pick % 2 === 0 ? { ...FIRM, accountType: 'employer-direct' } : { ...FIRM, accountType: 'employer-direct', branches: [CLIENT] },
      ),
    () => compliance.expirePostings(actor),
    async () => clock.advance((step.pick % 5) * 8 * 3_600_000),
    // The reviewers at work, so that many games get far: claim and decide the newest open task.
    async () => {
      const by = step.actor % 2 === 0 ? reviewer : reviewer2;
      const page = await compliance.listReviews(by, { limit: 50 });
      const task = page.items.at(-1 - (step.pick % Math.max(1, page.items.length)));
      if (!task) return;
      const claim = await compliance.claimReview(by, task.id);
      const verdict = task.body.kind === 'appeal' ? 'overturn' : 'approve';
      await compliance.decideReview(
        by,
        task.id,
        { verdict, checklist: ['special-need', 'permit-before-work', 'lawful-post'] },
        { expectedVersion: claim.version },
      );
    },
    async () => compliance.publishPosting(employer, await id('postings')),
  ];
  await calls[step.verb % calls.length]?.().catch((error: unknown) => {
    if (!isComplianceError(error) || error.code === 'ZP_INTERNAL') throw error;
  });
}

/** Read straight from the store, not through the code under test. */
async function audit(platform: Platform): Promise<number> {
  const { store, compliance, clock } = platform;
  const today = new Date(clock.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  let published = 0;
  for (const { id, body } of (await store.find('postings', { where: { state: 'published' }, limit: 1000 })).records) {
    published++;
    const record = body as PostingRecord;
    const version = (await store.get('postingVersions', `${id}.${record.contentVersion}`))?.body as VersionRecord;
    const approval = record.approval;
    const approving = (await store.get('decisions', approval?.decision ?? ''))?.body as DecisionRecord;
    const screening = (await store.get('decisions', record.screening ?? ''))?.body as DecisionRecord;
    expect(contentHash({ content: version.content, salt: version.salt })).toBe(record.contentHash);
    expect(approval?.contentHash).toBe(record.contentHash);
    expect(approving).toMatchObject({ verdict: 'approve', automated: false, contentHash: record.contentHash, subject: id });
    expect([version.by, record.submittedBy]).not.toContain(approving.by);
    expect(screening.contentHash).toBe(record.contentHash);
    expect(screening.verdict === 'refer' || record.clearances.length > 0).toBe(true);
    const shown = await compliance.publishedPosting('main', id).catch(() => undefined);
    if (shown) {
      const materials = await Promise.all(
        (approval?.materials ?? []).map(async (m) => (await store.get('materials', m))?.body as MaterialRecord),
      );
      const kinds = materials.filter((m) => m.state === 'accepted' && (m.expiresOn ?? '9999') >= today).map((m) => m.kind);
      expect(kinds).toEqual(expect.arrayContaining(['recruitment-brief', 'handler-identity', 'authorisation-letter']));
      expect(kinds.includes('business-licence') || kinds.includes('approval-document')).toBe(true);
      const own = (await store.get('operators', 'main'))?.body as typeof OPERATOR | undefined;
      expect((own?.licence.validThrough ?? '') >= today).toBe(true);
      expect(shown.expiresOn >= today).toBe(true);
    }
  }
  for (const { body } of (await store.find('reviews', { where: { state: 'done' }, limit: 1000 })).records) {
    const task = body as ReviewRecord;
    const made = (await store.get('decisions', task.decision ?? ''))?.body as DecisionRecord;
    expect(task.barred).not.toContain(made.by);
  }
  return published;
}

const step = fc.record({
  // Honest work is drawn more often than mischief, so that games get as far as publication.
  verb: fc.oneof(
    { arbitrary: fc.nat(18), weight: 4 },
    { arbitrary: fc.constant(0), weight: 1 },
    { arbitrary: fc.constantFrom(17, 18), weight: 5 },
  ),
  actor: fc.oneof(fc.constantFrom(0, 3), fc.nat(9)),
  content: fc.oneof(fc.constantFrom(0, 1), fc.nat(29)),
  pick: fc.nat(199),
});

describe('no way round the gate', () => {
  it('no sequence of calls by any mix of roles publishes without every condition', async () => {
    let published = 0;
    let calls = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 25, maxLength: 60 }), fc.boolean(), async (steps, prepared) => {
        const platform = await createPlatform();
        if (prepared) await platform.acceptMaterials(employer, FIRM.uscc);
        for (const one of steps) {
          await play(platform, one);
          calls++;
        }
        published += await audit(platform);
        expect(await verifyEvidence(platform.store)).toMatchObject({ ok: true });
      }),
      { numRuns: 100 },
    );
    // A game nobody ever wins proves nothing about how it is won.
    expect(published).toBeGreaterThan(5);
    expect(calls).toBeGreaterThan(2000);
  });

  it('every single-field change of an approved or published posting takes it down or is refused', async () => {
    const full = posting({
      employer: { ...FIRM, industry: '软件', size: '20-99', introduction: '从事企业软件研发' },
      pay: { minFen: 1_500_000, maxFen: 2_500_000, unit: 'month', months: 13, note: '另有项目奖金' },
      source: { kind: 'repost', name: '示例市公共招聘网', url: 'https://jobs.example.cn/1' },
      hiresForeigners: false,
      targetsGraduates: false,
      campusChannel: false,
      venue: 'other',
      minorsContact: false,
      publicBody: false,
      promoted: false,
    });
    const mutations: { readonly path: string; readonly content: unknown }[] = [];
    const walk = (value: unknown, path: readonly string[]): void => {
      if (typeof value === 'object' && value !== null) {
        for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
        return;
      }
      for (const changed of [
        typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : `${String(value)}改`,
        null,
        undefined,
      ]) {
        const copy = structuredClone(full) as Record<string, unknown>;
        let at = copy;
        for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
        const last = path.at(-1) ?? '';
        if (changed === undefined) delete at[last];
        else at[last] = changed;
        mutations.push({ path: path.join('/'), content: copy });
      }
    };
    walk(full, []);
    expect(mutations.length).toBeGreaterThan(60);
    const platform = await createPlatform();
    const { compliance, decide } = platform;
    await platform.acceptMaterials(employer, FIRM.uscc);
    let refused = 0;
    for (const [index, { path, content }] of mutations.entries()) {
      const live = index % 2 === 0;
      const { id, review } = await compliance.submitPosting(employer, full);
      await decide(reviewer, review ?? '', { verdict: 'approve' });
      if (live) await compliance.publishPosting(employer, id);
      const before = (await compliance.getPosting(employer, id)).posting;
      const outcome = await compliance
        .submitPosting(employer, content, { id, expectedVersion: before.version })
        .catch((error: unknown) => error);
      const after = (await compliance.getPosting(employer, id)).posting.body;
      if (outcome instanceof Error) {
        refused++;
        expect(after.contentHash, path).toBe(before.body.contentHash);
        expect(after.state, path).toBe(live ? 'published' : 'approved');
      } else {
        expect(after.state, path).toBe('in-review');
        expect(after.approval, path).toBeUndefined();
        await expect(compliance.publishedPosting('main', id), path).rejects.toMatchObject({ code: 'ZP_NOT_PUBLISHED' });
        await expect(compliance.publishPosting(employer, id), path).rejects.toMatchObject({ code: 'ZP_STATE' });
      }
    }
    expect(refused).toBeGreaterThan(20);
  });
});
