import { describe, expect, it } from 'vitest';

import { CN_NATIONAL, verifyEvidence } from '@zhengpin/core';
import type { Pack, Rule } from '@zhengpin/core';

import { createPlatform, employer, FIRM, officer, operator, posting, reviewer } from './platform.ts';

/** A national pack with one more rule: no posting may say 加班自愿. */
const OVERTIME: Rule = {
  id: 'test.overtime',
  ground: 'fraud',
  class: 'c',
  severity: 'block',
  title: { zh: '测试规则', en: 'A rule for this test' },
  citations: [],
  penalty: 'P-43',
  exceptions: [],
  advice: { zh: '删去', en: 'Remove' },
  phrases: ['加班自愿'],
  allow: [],
  examples: {
    violating: ['加班自愿', '一、加班自愿', '加班自愿，无补贴', '要求加班自愿', '我们加班自愿'],
    complying: ['双休', '加班有补贴', '五险一金', '自愿参加培训', '不加班'],
  },
};
const STRICTER: Pack = { ...CN_NATIONAL, version: '2026.11-test', rules: [...CN_NATIONAL.rules, OVERTIME] };

async function live() {
  const platform = await createPlatform();
  const { compliance, decide } = platform;
  await platform.acceptMaterials(employer, FIRM.uscc);
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    const conditions = i === 2 ? '五天八小时，加班自愿' : '五天八小时，双休';
    const { id, review } = await compliance.submitPosting(employer, posting({ headcount: i + 1, workingConditions: conditions }));
    await decide(reviewer, review ?? '', { verdict: 'approve' });
    await compliance.publishPosting(employer, id);
    ids.push(id);
  }
  return { ...platform, ids };
}

describe('working with the engine', () => {
  it('takes a new pack without a restart and screens live postings again, resuming by cursor', async () => {
    const { compliance, store, ids } = await live();
    const before = compliance.pack;
    expect(await compliance.usePack(officer, STRICTER)).toMatchObject({ state: 'in-use', changes: { added: ['test.overtime'] } });
    expect(compliance.pack).not.toBe(before);
    const changed: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await compliance.rescreenPostings(officer, { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      changed.push(...page.changed.map((c) => `${c.posting} ${c.from} ${c.to} ${c.state}`));
      cursor = page.cursor;
      pages++;
    } while (cursor !== undefined);
    expect(pages).toBeGreaterThan(2);
    expect(changed).toEqual([`${ids[2]} pass block rejected`]);
    await expect(compliance.publishedPosting('main', ids[2] ?? '')).rejects.toMatchObject({ code: 'ZP_NOT_PUBLISHED' });
    expect((await compliance.publishedPosting('main', ids[1] ?? '')).id).toBe(ids[1]);
    const { items } = await compliance.listDecisions(employer, ids[2] ?? '', { limit: 10 });
    const last = items.findLast((d) => d.body.verdict === 'block');
    expect(last?.body).toMatchObject({ automated: true, pack: compliance.pack, appeal: { possible: true } });
    await compliance.appealDecision(employer, last?.id ?? '', { explanation: '该句并非强制加班' });
    expect(await compliance.rescreenAll(operator, { perSecond: 1000 })).toMatchObject({ changed: 0 });
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });
  });

  it('screens live postings again in the context they were submitted in', async () => {
    const { compliance, acceptMaterials, decide } = await createPlatform();
    await acceptMaterials(employer, FIRM.uscc);
    const publish = async (over: Parameters<typeof posting>[0]): Promise<string> => {
      const { id, review } = await compliance.submitPosting(employer, posting({ workingConditions: '五天八小时，加班自愿', ...over }));
      await decide(reviewer, review ?? '', { verdict: 'approve' });
      await compliance.publishPosting(employer, id);
      return id;
    };
    const [plain, onCampus] = [await publish({ headcount: 1 }), await publish({ headcount: 2, campusChannel: true })];
    await compliance.usePack(officer, { ...STRICTER, rules: [...CN_NATIONAL.rules, { ...OVERTIME, contexts: ['campus'] }] });
    expect(await compliance.rescreenAll(operator, { perSecond: 1000 })).toMatchObject({ changed: 1 });
    expect((await compliance.publishedPosting('main', plain)).id).toBe(plain);
    await expect(compliance.publishedPosting('main', onCampus)).rejects.toMatchObject({ code: 'ZP_NOT_PUBLISHED' });
  });

  it('lets nobody loosen the rules alone or without a reason', async () => {
    const { compliance } = await createPlatform();
    await compliance.usePack(officer, STRICTER);
    await expect(compliance.usePack(officer, CN_NATIONAL)).rejects.toMatchObject({
      code: 'ZP_INPUT_INVALID',
      issues: [{ pointer: '/reason' }],
    });
    const reason = '该测试规则未经法务确认，恢复全国规则';
    expect(await compliance.usePack(officer, CN_NATIONAL, { reason })).toMatchObject({ state: 'awaiting-second-person' });
    expect(compliance.pack).toContain('2026.11-test');
    await expect(compliance.usePack(officer, CN_NATIONAL, { reason })).rejects.toMatchObject({ code: 'ZP_SEPARATION_OF_DUTIES' });
    await expect(compliance.usePack(reviewer, CN_NATIONAL, { reason })).rejects.toMatchObject({ code: 'ZP_FORBIDDEN' });
    expect(await compliance.usePack(operator, CN_NATIONAL, { reason })).toMatchObject({
      state: 'in-use',
      changes: { removed: ['test.overtime'] },
    });
    expect(compliance.pack).not.toContain('2026.11-test');
  });

  it('keeps the pack in use when a new one fails its own examples', async () => {
    const { compliance } = await createPlatform();
    const before = compliance.pack;
    const broken = { ...STRICTER, rules: [...CN_NATIONAL.rules, { ...OVERTIME, phrases: ['别的话'] }] };
    await expect(compliance.usePack(officer, broken)).rejects.toMatchObject({ code: 'ZP_OPTION_INVALID' });
    expect(compliance.pack).toBe(before);
  });

  it('refuses recruiters’ filters by protected traits and lets neutral values pass', async () => {
    const { compliance } = await createPlatform();
    const screen = (filters: object) => compliance.screenText(employer, { filters });
    expect(screen({ sex: 'male', city: '北京', degree: '本科' })).toMatchObject({
      outcome: 'block',
      findings: [{ rule: 'filter.gender', field: 'filters.sex' }],
    });
    expect(screen({ Marital_Status: '未婚' })).toMatchObject({ outcome: 'block', findings: [{ ground: 'marital' }] });
    expect(screen({ minAge: 18, maxAge: 35 }).outcome).toBe('advise');
    expect(screen({ 性别: '不限', sex: '', ethnicity: [], 户籍: null, years: 3 })).toMatchObject({ outcome: 'pass', findings: [] });
  });

  it('records a second opinion with its version; a doubt adds a person’s look, silence changes nothing', async () => {
    const { createCompliance, createDevelopmentIssuer, createTestClock } = await import('@zhengpin/core');
    const { memoryStore } = await import('@zhengpin/storage-adapters/memory');
    const { generateKeyPairSync } = await import('node:crypto');
    const clock = createTestClock('2026-11-24T02:00:00.000Z');
    const { identity } = await createDevelopmentIssuer(clock);
    const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    let mode: 'doubt' | 'clear' | 'fail' | 'hang' | 'nonsense' = 'doubt';
    let asked = 0;
    const compliance = createCompliance({
      store: memoryStore(),
      signing: { name: 'jobs.example', privateKeyPem },
      identity,
      clock,
      secondOpinion: {
        name: 'model',
        version: '2026-11',
        timeoutMs: 30,
        async ask() {
          asked++;
          if (mode === 'fail') throw new Error('down');
          if (mode === 'hang') return new Promise(() => {});
          if (mode === 'nonsense') return { verdict: 'publish it now' as 'clear' };
          return { verdict: mode, grounds: ['tone'] };
        },
      },
    });
    const { OPERATOR } = await import('./platform.ts');
    await compliance.setOperator(operator, OPERATOR);
    await compliance.registerOrganisation(employer, { ...FIRM, accountType: 'employer-direct' });
    const submit = async (headcount: number) => {
      const { outcome, decision } = await compliance.submitPosting(employer, posting({ headcount }));
      return [outcome, (await compliance.getDecision(employer, decision)).decision.body.secondOpinion];
    };
    expect(await submit(1)).toEqual(['review', { name: 'model', version: '2026-11', verdict: 'doubt', grounds: ['tone'] }]);
    mode = 'clear';
    expect(await submit(2)).toEqual(['pass', { name: 'model', version: '2026-11', verdict: 'clear', grounds: ['tone'] }]);
    for (mode of ['fail', 'hang', 'nonsense'] as const)
      expect(await submit(3 + mode.length), mode).toEqual([
        'pass',
        { name: 'model', version: '2026-11', verdict: 'unavailable', grounds: [] },
      ]);
    const calls = asked;
    mode = 'clear';
    await expect(compliance.submitPosting(employer, posting({ requirements: '限男性' }))).rejects.toMatchObject({
      code: 'ZP_SCREENING_BLOCKED',
    });
    expect(asked, 'nobody is asked to lift a block').toBe(calls);
  });

  it('lets a reviewer set aside one finding by a listed exception, on record, and nothing that was not found', async () => {
    const { compliance, acceptMaterials, decide } = await createPlatform();
    await acceptMaterials(employer, FIRM.uscc);
    const { review, decision } = await compliance.submitPosting(employer, posting({ requirements: '本地人优先，熟悉当地市场' }));
    const finding = (await compliance.getDecision(employer, decision)).decision.body.reasons[0];
    expect(finding).toMatchObject({ severity: 'review' });
    const clearance = { rule: finding?.rule, field: finding?.field, start: finding?.start };
    const approve = (clearances: object[]) => decide(reviewer, review ?? '', { verdict: 'approve', clearances });
    await expect(approve([{ ...clearance, exception: 'no-such' }])).rejects.toMatchObject({ code: 'ZP_INPUT_INVALID' });
    await expect(approve([{ ...clearance, start: 7, misreading: '这里说的是熟悉市场而非籍贯' }])).rejects.toMatchObject({
      code: 'ZP_INPUT_INVALID',
    });
    const made = await approve([{ ...clearance, misreading: '指熟悉当地市场的能力，并非籍贯条件' }]);
    expect((await compliance.getDecision(employer, made)).decision.body.clearances).toMatchObject([{ rule: finding?.rule }]);
  });

  it('keeps what no rule says when rules change: the checklist for foreign nationals, an earlier doubt', async () => {
    const { createCompliance, createDevelopmentIssuer, createTestClock } = await import('@zhengpin/core');
    const { memoryStore } = await import('@zhengpin/storage-adapters/memory');
    const { generateKeyPairSync } = await import('node:crypto');
    const { OPERATOR } = await import('./platform.ts');
    const clock = createTestClock('2026-11-24T02:00:00.000Z');
    const { identity } = await createDevelopmentIssuer(clock);
    const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const secondOpinion = { name: 'model', version: '1', ask: async () => ({ verdict: 'doubt' as const }) };
    const compliance = createCompliance({
      store: memoryStore(),
      signing: { name: 'jobs.example', privateKeyPem },
      identity,
      clock,
      secondOpinion,
    });
    await compliance.setOperator(operator, OPERATOR);
    await compliance.registerOrganisation(employer, { ...FIRM, accountType: 'employer-direct' });
    const doubted = await compliance.submitPosting(employer, posting());
    const foreign = await compliance.submitPosting(employer, posting({ hiresForeigners: true, workingConditions: '五天八小时，加班自愿' }));
    const milder: Pack = { ...STRICTER, rules: [...CN_NATIONAL.rules, { ...OVERTIME, severity: 'review' }] };
    await compliance.usePack(officer, milder);
    const { changed } = await compliance.rescreenPostings(officer, { limit: 10 }).then(async (first) => {
      const all = [...first.changed];
      for (let { cursor } = first; cursor !== undefined;) {
        const page = await compliance.rescreenPostings(officer, { limit: 10, cursor });
        all.push(...page.changed);
        cursor = page.cursor;
      }
      return { changed: all };
    });
    expect(changed.map((c) => c.posting)).toEqual([foreign.id]);
    const made = (await compliance.getDecision(employer, changed[0]?.decision ?? '')).decision.body;
    expect(made.reasons.map((r) => r.rule ?? r.reason)).toEqual(['test.overtime', 'foreign-hire']);
    expect(made.secondOpinion).toMatchObject({ verdict: 'doubt' });
    expect((await compliance.getPosting(employer, doubted.id)).posting.body.outcome).toBe('review');
  });
});
