import { describe, expect, it } from 'vitest';

import {
  CLIENT,
  createPlatform,
  employer,
  FIRM,
  officer,
  operator,
  OPERATOR,
  posting,
  reviewer,
  reviewer2,
  reviewer3,
} from './platform.ts';

describe('the posting gate', () => {
  it('takes a lawful posting to published through materials and a second person', async () => {
    const { compliance, acceptMaterials, decide } = await createPlatform();
    const submitted = await compliance.submitPosting(employer, posting());
    expect(submitted).toMatchObject({ state: 'in-review', outcome: 'pass', version: 1 });
    await expect(decide(reviewer, submitted.review ?? '', { verdict: 'approve' })).rejects.toMatchObject({
      code: 'ZP_MATERIALS_INCOMPLETE',
    });
    await acceptMaterials(employer, FIRM.uscc);
    await decide(reviewer, submitted.review ?? '', { verdict: 'approve' });
    await expect(compliance.publishedPosting('main', submitted.id)).rejects.toMatchObject({ code: 'ZP_NOT_PUBLISHED' });
    const published = await compliance.publishPosting(employer, submitted.id);
    expect(published).toMatchObject({ state: 'published', expiresOn: '2027-03-31' });
    expect((await compliance.publishedPosting('main', submitted.id)).content).toEqual(posting());
  });

  it('blocks a sex limit with a recorded, appealable decision that names the article', async () => {
    const { compliance } = await createPlatform();
    const error: unknown = await compliance
      .submitPosting(employer, posting({ requirements: '限男性，能吃苦耐劳' }))
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'ZP_SCREENING_BLOCKED', decision: { appealable: true } });
    const { decision, issues } = error as {
      decision: { id: string; subjectId: string };
      issues: { ground: string; pointer: string; citations: { article: string }[] }[];
    };
    expect(issues[0]).toMatchObject({ ground: 'gender', pointer: '/requirements' });
    expect(issues[0]?.citations.map((c) => c.article)).toContain('15(1)');
    const recorded = await compliance.getDecision(employer, decision.id);
    expect(recorded.decision.body).toMatchObject({ verdict: 'block', automated: true, subject: decision.subjectId });
    expect((await compliance.getPosting(employer, decision.subjectId)).posting.body.state).toBe('rejected');
  });

  it('clears a block only by a listed exception or a stated misreading, and then needs yet another person', async () => {
    const { compliance, acceptMaterials, decide } = await createPlatform();
    await acceptMaterials(employer, FIRM.uscc);
    const error = (await compliance.submitPosting(employer, posting({ requirements: '限男性，能吃苦耐劳' })).catch((e: unknown) => e)) as {
      decision: { id: string; subjectId: string };
    };
    const { review } = await compliance.appealDecision(employer, error.decision.id, { explanation: '该岗位属于法定例外' });
    await expect(compliance.appealDecision(employer, error.decision.id, { explanation: '再次申诉一次' })).rejects.toMatchObject({
      code: 'ZP_APPEAL_USED',
    });
    await expect(decide(reviewer, review, { verdict: 'overturn' })).rejects.toMatchObject({ code: 'ZP_INPUT_INVALID' });
    const block = (await compliance.getDecision(employer, error.decision.id)).decision.body.reasons[0];
    const clearance = { rule: block?.rule, field: block?.field, start: block?.start };
    await expect(
      decide(reviewer, review, { verdict: 'overturn', clearances: [{ ...clearance, exception: 'not-listed' }] }),
    ).rejects.toMatchObject({ code: 'ZP_INPUT_INVALID' });
    await decide(reviewer, review, {
      verdict: 'overturn',
      clearances: [{ ...clearance, misreading: '引用的是被更正的旧版广告原文，并非招聘条件' }],
    });
    const after = await compliance.getPosting(employer, error.decision.subjectId);
    expect(after.posting.body).toMatchObject({ state: 'in-review' });
    await expect(compliance.claimReview(reviewer, after.posting.body.review ?? '')).rejects.toMatchObject({
      code: 'ZP_SEPARATION_OF_DUTIES',
    });
    await decide(reviewer2, after.posting.body.review ?? '', { verdict: 'approve' });
    expect((await compliance.publishPosting(employer, error.decision.subjectId)).state).toBe('published');
  });

  it('takes a published posting down when one reviewed field changes', async () => {
    const { compliance, acceptMaterials, decide } = await createPlatform();
    await acceptMaterials(employer, FIRM.uscc);
    const { id, review } = await compliance.submitPosting(employer, posting());
    await decide(reviewer, review ?? '', { verdict: 'approve' });
    const { version } = await compliance.publishPosting(employer, id);
    const revised = await compliance.submitPosting(employer, posting({ headcount: 3 }), { id, expectedVersion: version });
    expect(revised.state).toBe('in-review');
    await expect(compliance.publishPosting(employer, id)).rejects.toMatchObject({ code: 'ZP_STATE' });
    await expect(compliance.publishedPosting('main', id)).rejects.toMatchObject({ code: 'ZP_NOT_PUBLISHED' });
  });

  it('lets a claim lapse, and refuses the late holder’s decision', async () => {
    const { compliance, clock } = await createPlatform();
    const { review } = await compliance.submitPosting(employer, posting());
    const first = await compliance.claimReview(reviewer, review ?? '');
    await expect(compliance.claimReview(reviewer2, review ?? '')).rejects.toMatchObject({ code: 'ZP_CLAIM_HELD' });
    clock.advance(16 * 60_000);
    const verdict = { verdict: 'return', reasons: [{ reason: 'incomplete-information' }] };
    await expect(compliance.decideReview(reviewer, review ?? '', verdict, { expectedVersion: first.version })).rejects.toMatchObject({
      code: 'ZP_CLAIM_REQUIRED',
    });
    const second = await compliance.claimReview(reviewer2, review ?? '');
    await expect(compliance.decideReview(reviewer, review ?? '', verdict, { expectedVersion: first.version })).rejects.toMatchObject({
      code: 'ZP_PRECONDITION_FAILED',
    });
    expect((await compliance.decideReview(reviewer2, review ?? '', verdict, { expectedVersion: second.version })).state).toBe('returned');
  });

  it('stops showing a posting the day a material, its validity or the licence lapses, before any sweep', async () => {
    const { compliance, acceptMaterials, decide, clock } = await createPlatform();
    const [, licence] = await acceptMaterials(employer, FIRM.uscc);
    const { id, review } = await compliance.submitPosting(employer, posting({ validity: { reconfirmEveryDays: 7 } }));
    await decide(reviewer, review ?? '', { verdict: 'approve' });
    expect((await compliance.publishPosting(employer, id)).expiresOn).toBe('2026-12-01');
    clock.advance(6 * 86_400_000);
    expect((await compliance.confirmPosting(employer, id)).expiresOn).toBe('2026-12-07');
    expect((await compliance.publishedPosting('main', id)).id).toBe(id);
    const { version } = await compliance.getMaterial(officer, licence ?? '');
    await compliance.revokeMaterial(officer, licence ?? '', { reasons: [{ reason: 'material-unverified' }] }, { expectedVersion: version });
    await expect(compliance.publishedPosting('main', id)).rejects.toMatchObject({ code: 'ZP_NOT_PUBLISHED' });
    clock.advance(30 * 86_400_000);
    expect(await compliance.expirePostings(operator)).toEqual({ expired: 1 });
    expect((await compliance.getPosting(employer, id)).posting.body.state).toBe('expired');
  });

  it('holds an employer-direct account to itself and its branches', async () => {
    const { compliance } = await createPlatform();
    const foreign = posting({ employer: CLIENT });
    await expect(compliance.submitPosting(employer, foreign)).rejects.toMatchObject({ code: 'ZP_ACCOUNT_SCOPE' });
    await compliance.registerOrganisation(employer, { ...FIRM, accountType: 'employer-direct', branches: [CLIENT] });
    const { review } = await compliance.submitPosting(employer, foreign);
    await expect(compliance.registerOrganisation(employer, { ...FIRM, accountType: 'commercial-agency' })).rejects.toMatchObject({
      code: 'ZP_ACCOUNT_SCOPE',
    });
    expect(review).not.toBeNull();
  });

  it('refuses postings while the operator’s licence is out of date or scope, and lets a public agency do without', async () => {
    const { compliance } = await createPlatform();
    await compliance.setOperator(operator, { ...OPERATOR, licence: { ...OPERATOR.licence, scope: ['职业中介活动'] } });
    await expect(compliance.submitPosting(employer, posting())).rejects.toMatchObject({
      code: 'ZP_LICENCE_INVALID',
      issues: [{ rule: 'operator-licence-scope' }],
    });
    await compliance.setOperator(operator, { ...OPERATOR, licence: { ...OPERATOR.licence, validThrough: '2026-11-23' } });
    await expect(compliance.submitPosting(employer, posting())).rejects.toMatchObject({ issues: [{ rule: 'operator-licence-expired' }] });
    const { licence: _licence, ...unlicensed } = OPERATOR;
    await compliance.setOperator(operator, { ...unlicensed, agencyType: 'public' });
    expect((await compliance.submitPosting(employer, posting())).state).toBe('in-review');
  });

  it('asks for working conditions and type of employment unless the operator relaxed them with a reason', async () => {
    const { compliance } = await createPlatform();
    const { workingConditions: _conditions, ...bare } = posting();
    await expect(compliance.submitPosting(employer, bare)).rejects.toMatchObject({
      code: 'ZP_INPUT_INVALID',
      issues: [{ pointer: '/workingConditions', rule: 'required' }],
    });
    await compliance.setOperator(operator, {
      ...OPERATOR,
      relaxations: [{ field: 'workingConditions', reason: '零工岗位的工作条件在订单中另行约定' }],
    });
    expect((await compliance.submitPosting(employer, bare)).state).toBe('in-review');
  });

  it('sends a posting that seeks foreign nationals to a person with a checklist', async () => {
    const { compliance, acceptMaterials, decide } = await createPlatform();
    await acceptMaterials(employer, FIRM.uscc);
    const { review, outcome } = await compliance.submitPosting(employer, posting({ hiresForeigners: true }));
    expect(outcome).toBe('review');
    await expect(decide(reviewer, review ?? '', { verdict: 'approve', checklist: ['special-need'] })).rejects.toMatchObject({
      code: 'ZP_INPUT_INVALID',
    });
    await decide(reviewer, review ?? '', { verdict: 'approve', checklist: ['special-need', 'permit-before-work', 'lawful-post'] });
  });

  it('gives a suspended posting one appeal, heard by someone else, and back to review when it succeeds', async () => {
    const { compliance, acceptMaterials, decide } = await createPlatform();
    await acceptMaterials(employer, FIRM.uscc);
    const { id, review } = await compliance.submitPosting(employer, posting());
    await decide(reviewer, review ?? '', { verdict: 'approve' });
    const { version } = await compliance.publishPosting(employer, id);
    const suspended = await compliance.suspendPosting(
      reviewer,
      id,
      { reasons: [{ reason: 'fraud-signal', facts: '多人反映面试地点与公告不符' }] },
      { expectedVersion: version },
    );
    await expect(compliance.submitPosting(employer, posting({ headcount: 9 }), { id })).rejects.toMatchObject({ code: 'ZP_STATE' });
    const appeal = await compliance.appealDecision(employer, suspended.decision ?? '', { explanation: '面试地点因装修临时变更' });
    await expect(compliance.claimReview(reviewer, appeal.review)).rejects.toMatchObject({ code: 'ZP_SEPARATION_OF_DUTIES' });
    await decide(reviewer2, appeal.review, { verdict: 'overturn' });
    const again = (await compliance.getPosting(employer, id)).posting.body;
    expect(again.state).toBe('in-review');
    await expect(compliance.claimReview(reviewer2, again.review ?? '')).rejects.toMatchObject({ code: 'ZP_SEPARATION_OF_DUTIES' });
    await decide(reviewer3, again.review ?? '', { verdict: 'approve' });
  });

  it('keeps drafts off the gate until they are submitted whole', async () => {
    const { compliance } = await createPlatform();
    const draft = await compliance.saveDraft(employer, { title: '后端工程师' });
    const saved = await compliance.saveDraft(
      employer,
      { title: '后端工程师', headcount: 1 },
      { id: draft.id, expectedVersion: draft.version },
    );
    await expect(compliance.submitPosting(employer, { title: '后端工程师' }, { id: draft.id })).rejects.toMatchObject({
      code: 'ZP_INPUT_INVALID',
    });
    const submitted = await compliance.submitPosting(employer, posting(), { id: draft.id, expectedVersion: saved.version });
    expect(submitted).toMatchObject({ id: draft.id, state: 'in-review' });
    await expect(compliance.saveDraft(employer, { title: '又一稿' }, { id: draft.id })).rejects.toMatchObject({ code: 'ZP_STATE' });
  });

  it('tells an employer who sends blocked content again what was found, without another decision', async () => {
    const { compliance } = await createPlatform();
    const unlawful = posting({ requirements: '限男性' });
    const first = (await compliance.submitPosting(employer, unlawful).catch((e: unknown) => e)) as {
      decision: { id: string; subjectId: string };
    };
    const again = await compliance
      .submitPosting(employer, unlawful, { id: first.decision.subjectId, expectedVersion: 1 })
      .catch((e: unknown) => e);
    expect(again).toMatchObject({ code: 'ZP_SCREENING_BLOCKED', decision: first.decision, issues: [{ ground: 'gender' }] });
  });

  it('screens a recruiter’s reason for turning someone down, and stores nothing', async () => {
    const { compliance, store } = await createPlatform();
    const result = compliance.screenText(employer, { rejectionReason: '抱歉，河南人勿扰' });
    expect(result).toMatchObject({ outcome: 'block', findings: [{ ground: 'region' }] });
    expect((await store.find('postings', { limit: 10 })).records).toEqual([]);
  });

  it('drops idempotency records once no retry can need them', async () => {
    const { compliance, store, clock } = await createPlatform();
    await compliance.submitPosting(employer, posting(), { idempotency: { id: 'k', request: 'r' } });
    clock.advance(25 * 3_600_000);
    for (let i = 0; i < 70; i++) await compliance.saveDraft(employer, { headcount: i + 1 });
    expect((await store.find('idempotency', { limit: 10 })).records).toEqual([]);
  });

  it('screens every text a recruiter can write into', async () => {
    const { compliance } = await createPlatform();
    const hidden = '限男性';
    const places: readonly [string, Partial<ReturnType<typeof posting>>][] = [
      ['/title', { title: `装配工${hidden}` }],
      ['/workContent', { workContent: `装配，${hidden}` }],
      ['/workingConditions', { workingConditions: `两班制，${hidden}` }],
      ['/employer/introduction', { employer: { ...FIRM, introduction: `本公司${hidden}` } }],
      ['/employer/industry', { employer: { ...FIRM, industry: hidden } }],
      ['/pay/note', { pay: { minFen: 1, maxFen: 2, unit: 'day', note: hidden } }],
      ['/place/address', { place: { city: '北京', address: `一号楼，${hidden}` } }],
      ['/place/city', { place: { city: hidden } }],
      ['/source/name', { source: { kind: 'repost', name: hidden, url: 'https://example.cn/' } }],
    ];
    for (const [pointer, over] of places) {
      await expect(compliance.submitPosting(employer, posting(over)), pointer).rejects.toMatchObject({
        code: 'ZP_SCREENING_BLOCKED',
        issues: [{ pointer }],
      });
    }
  });
});
