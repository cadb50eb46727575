import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import {
  addKey,
  COLLECTIONS,
  completeUscc,
  createCompliance,
  createDevelopmentIssuer,
  createTestClock,
  fileKeyring,
  isErased,
  isRestricted,
  keyStatus,
  SEALED_FIELDS,
  unsealed,
  verifyEvidence,
} from '@zhengpin/core';
import type { Actor, Compliance, ComplianceOptions, ErrorCode, Keys, Store, TestClock } from '@zhengpin/core';
import { beforeEach, describe, expect, it } from 'vitest';

import { sqliteStore } from './sqlite.ts';

const signing = {
  name: 'jobs.example',
  privateKeyPem: generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
};
const uscc = completeUscc('91110108MA00YP00A');
const tenant = 'main';
const employer: Actor = { id: 'acct-employer', tenant, role: 'employer', organisation: 'org-firm' };
const reviewer: Actor = { id: 'acct-reviewer', tenant, role: 'reviewer' };
const second: Actor = { id: 'acct-second', tenant, role: 'reviewer' };
const officer: Actor = { id: 'acct-officer', tenant, role: 'compliance-officer' };
const operator: Actor = { id: 'acct-operator', tenant, role: 'operator' };

/** Invented; each stands in one place only, and none of them may be found in the file. */
const CANARY = {
  title: '秘匠丙一',
  address: '示例区暗巷路七号甲',
  contact: '联系人欧阳示例 手机一三八',
  draft: '未发布的扩编计划乙',
  reference: 'files/ouyang-shili-id-card',
  file: 'c0ffee'.padEnd(64, '7'),
  facts: '经办人欧阳示例的证件住址与所填不符',
  misreading: '欧阳示例说明此处所指是居住便利丁',
  appeal: '本人欧阳示例五十一岁住示例区暗巷路',
  takedown: '接举报称欧阳示例收取费用戊',
  opinion: '疑似涉及欧阳示例的年龄己',
} as const;

const POSTING = {
  title: CANARY.title,
  accountType: 'employer-direct',
  employer: { name: '启明示例科技有限公司', uscc },
  headcount: 2,
  requirements: `熟悉机械制图，能看懂图纸；${CANARY.contact}；本市户籍优先`,
  workContent: '负责产线的装配与调试',
  workingConditions: '车间工作，五天八小时',
  place: { city: '北京', address: CANARY.address },
  pay: { minFen: 600_000, maxFen: 900_000, unit: 'month' },
  employmentType: 'full-time',
  validity: { reconfirmEveryDays: 30 },
  source: { kind: 'original' },
};

interface World {
  readonly path: string;
  readonly keyring: string;
  readonly clock: TestClock;
  store: Store;
  compliance: Compliance;
}

let world: World;
let identity: ComplianceOptions['identity'];

function open(path: string, clock: TestClock, keys: Keys): Pick<World, 'store' | 'compliance'> {
  const store = sqliteStore({ path });
  const secondOpinion: NonNullable<ComplianceOptions['secondOpinion']> = {
    name: 'judge',
    version: '1',
    ask: async () => ({ verdict: 'doubt', grounds: ['age'], note: { zh: CANARY.opinion, en: 'about age' } }),
  };
  return { store, compliance: createCompliance({ store, signing, identity, clock, keys, secondOpinion }) };
}

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zp-sealed-'));
  const path = join(folder, 'store.db');
  const keyring = join(folder, 'keyring.json');
  const clock = createTestClock('2026-11-24T02:00:00.000Z');
  ({ identity } = await createDevelopmentIssuer(clock));
  addKey({ path: keyring, id: 'one' });
  world = { path, keyring, clock, ...open(path, clock, fileKeyring({ path: keyring })) };
  const { compliance } = world;
  await compliance.setOperator(operator, {
    name: '示例公共就业服务中心',
    agencyType: 'public',
    modes: ['platform'],
    jurisdictions: ['CN'],
  });
  await compliance.registerOrganisation(employer, { name: '启明示例科技有限公司', uscc, accountType: 'employer-direct' });
});

async function refusal(work: Promise<unknown>): Promise<ErrorCode | 'none'> {
  return work.then(
    () => 'none' as const,
    (error: unknown) => {
      // Nothing a host would log of an error may hold what was sealed.
      const { message, stack = '', cause } = error as Error;
      for (const canary of Object.values(CANARY))
        expect(`${message} ${stack} ${String(cause)} ${JSON.stringify(error)}`).not.toContain(canary);
      return (error as { readonly code: ErrorCode }).code;
    },
  );
}

async function decide(by: Actor, review: string, verdict: object): Promise<string> {
  const { version } = await world.compliance.claimReview(by, review);
  return (await world.compliance.decideReview(by, review, verdict, { expectedVersion: version })).decision;
}

/** Every kind of personal field, once; ids of what was made. */
async function fill(): Promise<{ posting: string; material: string; rejected: string; suspended: string }> {
  const { compliance } = world;
  const retry = { idempotency: { id: 'retry-1', request: 'digest-1' } };
  await compliance.saveDraft(employer, { title: '草稿', workContent: CANARY.draft });
  const submitted = await compliance.submitPosting(employer, POSTING, retry);
  const rejected = await decide(reviewer, submitted.review ?? '', {
    verdict: 'reject',
    reasons: [{ reason: 'untrue-information', facts: CANARY.facts }],
  });
  await compliance.appealDecision(employer, rejected, { explanation: CANARY.appeal });
  await decide(second, `appeal.${rejected}`, { verdict: 'overturn' });
  const handler = { handler: employer.id, expiresOn: '2027-12-31' };
  let material = '';
  for (const one of [
    { kind: 'recruitment-brief' },
    { kind: 'business-licence', expiresOn: '2030-01-01' },
    { kind: 'authorisation-letter', ...handler },
    { kind: 'handler-identity', ...handler },
  ]) {
    const made = await compliance.submitMaterial(employer, {
      employerUscc: uscc,
      reference: CANARY.reference,
      sha256: CANARY.file,
      ...one,
    });
    await decide(reviewer, made.review, { verdict: 'approve' });
    material = made.id;
  }
  const { rule, field, start } = submitted.reasons[0] ?? {};
  const clearances = [{ rule, field, start, misreading: CANARY.misreading }];
  await decide(reviewer, `posting.${submitted.id}.${rejected}`, { verdict: 'approve', clearances });
  await compliance.publishPosting(employer, submitted.id);
  const { decision = '' } = await compliance.suspendPosting(reviewer, submitted.id, {
    reasons: [{ reason: 'charges-worker', facts: CANARY.takedown }],
  });
  return { posting: submitted.id, material, rejected, suspended: decision };
}

/** Everything of the employer ended, three years later disposed of by two persons. */
async function disposeAll(posting: string): Promise<void> {
  const { compliance, clock } = world;
  clock.set('2027-01-01T02:00:00.000Z');
  const drafts = await compliance.listPostings(employer, { limit: 5, state: 'draft' });
  for (const { id } of drafts.items) await compliance.withdrawPosting(employer, id);
  await compliance.closePosting(officer, posting);
  await compliance.settleServices(operator);
  clock.set('2030-01-02T02:00:00.000Z');
  for (const by of [officer, operator]) await compliance.confirmTime(by, { today: '2030-01-02', reference: 'CLOCK-1' });
  const { id: plan = '' } = await compliance.planDisposal(operator, { record: true });
  for (const by of [officer, operator]) await compliance.approveDisposal(by, plan);
  expect(await compliance.applyDisposal(operator, plan)).toMatchObject({ kept: [] });
}

/** The bytes of the store as they lie on the disk now. */
function bytes(): Buffer {
  return Buffer.concat(
    ['', '-wal', '-shm']
      .map((end) => world.path + end)
      .filter(existsSync)
      .map((file) => readFileSync(file)),
  );
}

describe('confidentiality on SQLite', () => {
  it('stores no personal field in clear at any time, reads all of them, and every proof holds', async () => {
    const { posting, material, rejected, suspended } = await fill();
    const { compliance, store } = world;
    const found = Object.entries(CANARY).filter(([, canary]) => bytes().includes(canary));
    expect(found).toEqual([]);
    // The search itself can find: what is public stands there in clear.
    expect(bytes().includes(uscc)).toBe(true);
    expect((await compliance.getPosting(officer, posting)).content).toEqual(POSTING);
    expect((await compliance.listPostings(officer, { limit: 5 })).items.map((item) => item.body.title)).toContain(CANARY.title);
    expect((await compliance.getMaterial(officer, material)).body).toMatchObject({ reference: CANARY.reference, sha256: CANARY.file });
    expect((await compliance.getDecision(officer, rejected)).decision.body.reasons[0]?.facts).toBe(CANARY.facts);
    expect((await compliance.getDecision(officer, rejected)).appeal?.explanation).toBe(CANARY.appeal);
    expect((await compliance.getDecision(officer, suspended)).decision.body.reasons[0]?.facts).toBe(CANARY.takedown);
    const { approval, clearances } = (await compliance.getPosting(officer, posting)).posting.body;
    expect(approval).toBeUndefined();
    expect(clearances.map((c) => c.misreading)).toEqual([CANARY.misreading]);
    const screening = (await compliance.getPosting(officer, posting)).posting.body.screening ?? '';
    expect((await compliance.getDecision(officer, screening)).decision.body.secondOpinion?.note?.zh).toBe(CANARY.opinion);
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });
  });

  it('gives a retry the first outcome, and keeps it sealed', async () => {
    const { compliance, store } = world;
    const retry = { idempotency: { id: 'retry-1', request: 'digest-1' } };
    const first = await compliance.submitPosting(employer, POSTING, retry);
    expect(await compliance.submitPosting(employer, POSTING, retry)).toEqual(first);
    expect(await refusal(compliance.submitPosting(employer, POSTING, { idempotency: { id: 'retry-1', request: 'digest-2' } }))).toBe(
      'ZP_IDEMPOTENCY_MISMATCH',
    );
    const kept = (await store.get('idempotency', 'retry-1'))?.body;
    expect(JSON.stringify(kept)).not.toContain(first.id);
    expect(JSON.stringify(kept)).not.toContain('digest-1');
  });

  it('refuses a sealed value moved to another record, and verification names the record', async () => {
    const { compliance, store, path } = world;
    const [one, two] = [
      await compliance.submitPosting(employer, POSTING),
      await compliance.submitPosting(employer, { ...POSTING, headcount: 3 }),
    ];
    const db = new DatabaseSync(path);
    const from = `(SELECT json_extract(body, '$.content') FROM zp_postingVersions WHERE id='${two.id}.1')`;
    db.exec(`UPDATE zp_postingVersions SET body=json_set(body, '$.content', json(${from})) WHERE id='${one.id}.1'`);
    db.close();
    expect(await refusal(compliance.getPosting(officer, one.id))).toBe('ZP_SEALED_UNREADABLE');
    expect((await compliance.getPosting(officer, two.id)).content.headcount).toBe(3);
    const report = await verifyEvidence(store);
    expect(report.tenants[0]?.faults).toMatchObject([
      { kind: 'record-edited', record: { collection: 'postingVersions', id: `${one.id}.1` } },
    ]);
  });

  it('opens nothing under another keyring', async () => {
    const { posting } = await fill();
    await world.compliance.close();
    const other = join(mkdtempSync(join(tmpdir(), 'zp-other-')), 'keyring.json');
    for (const id of ['one', 'two']) {
      addKey({ path: other, id });
      const { compliance } = open(world.path, world.clock, fileKeyring({ path: other }));
      expect(await refusal(compliance.getPosting(officer, posting))).toBe('ZP_SEALED_UNREADABLE');
      await compliance.close();
    }
    addKey({ path: `${other}.b`, id: 'two' });
    const { compliance } = open(world.path, world.clock, fileKeyring({ path: `${other}.b` }));
    expect(await refusal(compliance.getPosting(officer, posting))).toBe('ZP_KEYS_UNAVAILABLE');
    await compliance.close();
  });

  it('changes the key-encryption key page by page while readers and writers go on, and touches no sealed data', async () => {
    const { posting } = await fill();
    const { compliance, store, keyring, path, clock } = world;
    const before = await store.get('postingVersions', `${posting}.1`);
    addKey({ path: keyring, id: 'two' });
    const rotating = open(path, clock, fileKeyring({ path: keyring }));
    const [reads, totals] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, async () => (await compliance.getPosting(officer, posting)).content.title)),
      (async () => {
        let [checked, rewrapped, cursor] = [0, 0, undefined as string | undefined];
        do {
          const page = await rotating.compliance.rotateKeys(operator, { limit: 1, ...(cursor === undefined ? {} : { cursor }) });
          [checked, rewrapped, cursor] = [checked + page.checked, rewrapped + page.rewrapped, page.cursor];
          await compliance.submitPosting(employer, { ...POSTING, headcount: 10 + checked });
        } while (cursor !== undefined);
        return { checked, rewrapped };
      })(),
    ]);
    expect(new Set(reads)).toEqual(new Set([CANARY.title]));
    expect(totals).toEqual({ checked: 2, rewrapped: 2 });
    expect(await keyStatus(store)).toEqual([{ tenant, keks: { two: 2 }, erased: 0, pending: 0 }]);
    expect(await store.get('postingVersions', `${posting}.1`)).toEqual(before);
    // The process that read the keyring before the change finds the new key by itself.
    expect((await compliance.getPosting(officer, posting)).content.title).toBe(CANARY.title);
    expect(await rotating.compliance.rotateAllKeys(operator)).toEqual({ checked: 2, rewrapped: 0 });
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });
    await rotating.compliance.close();
  });

  it('erases a person with two persons, for good and everywhere, and every proof still holds', async () => {
    const { material, posting } = await fill();
    await disposeAll(posting);
    const { compliance, store, path, keyring, clock } = world;
    const replica = open(path, clock, fileKeyring({ path: keyring }));
    expect((await replica.compliance.getMaterial(officer, material)).body.reference).toBe(CANARY.reference);
    const given = { subject: `account.${employer.id}`, ground: 'consent-withdrawn', reference: 'case/2026-17' };
    const wrapped = String((await store.get('subjectKeys', `main/${given.subject}`))?.body['key']);

    expect(await refusal(compliance.eraseSubject(reviewer, given))).toBe('ZP_FORBIDDEN');
    expect(await refusal(compliance.eraseSubject(officer, { ...given, subject: 'account.nobody' }))).toBe('ZP_NOT_FOUND');
    expect(await refusal(compliance.eraseSubject(officer, { ...given, ground: 'because' }))).toBe('ZP_INPUT_INVALID');
    expect(await compliance.eraseSubject(officer, given)).toMatchObject({ state: 'awaiting-second-person' });
    expect(await refusal(compliance.eraseSubject(officer, given))).toBe('ZP_SEPARATION_OF_DUTIES');
    expect((await compliance.getMaterial(officer, material)).body.reference).toBe(CANARY.reference);
    // Another ground is another proposal, not the second person's word.
    expect(await compliance.eraseSubject(operator, { ...given, ground: 'other-law' })).toMatchObject({ state: 'awaiting-second-person' });
    expect(await compliance.eraseSubject(officer, given)).toMatchObject({ state: 'awaiting-second-person' });
    expect(await compliance.eraseSubject(operator, given)).toMatchObject({
      subject: given.subject,
      state: 'erased',
      by: [officer.id, operator.id],
    });
    expect(await compliance.getErasure(officer, given.subject)).toMatchObject({ state: 'erased', by: [officer.id, operator.id] });
    expect(await refusal(compliance.eraseSubject(operator, given))).toBe('ZP_SUBJECT_ERASED');

    for (const each of [compliance, replica.compliance]) {
      const { reference, sha256, handler } = (await each.getMaterial(officer, material)).body;
      expect([reference, sha256].map(isErased)).toEqual([true, true]);
      expect(handler).toBe(employer.id);
    }
    // A record of the erased may move on, with its marker; nothing new is taken for them.
    await compliance.revokeMaterial(officer, material, { reasons: [{ reason: 'material-expired', facts: '材料到期' }] });
    expect(isErased((await compliance.getMaterial(officer, material)).body.reference)).toBe(true);
    const again = {
      employerUscc: uscc,
      kind: 'handler-identity',
      reference: 'files/x',
      sha256: CANARY.file,
      handler: employer.id,
      expiresOn: '2031-12-31',
    };
    expect(await refusal(compliance.submitMaterial(employer, again))).toBe('ZP_SUBJECT_ERASED');
    expect(await keyStatus(store)).toMatchObject([{ erased: 1, pending: 0 }]);
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });

    await replica.compliance.close();
    await compliance.close();
    expect(bytes().includes(wrapped)).toBe(false);
    expect(bytes().includes('case/2026-17')).toBe(true);
  });

  it('names an erased key that somebody brings back from a backup', async () => {
    await disposeAll((await fill()).posting);
    const { compliance, store, path } = world;
    const given = { subject: `account.${employer.id}`, ground: 'consent-withdrawn', reference: 'case/2026-17' };
    const id = `main/${given.subject}`;
    const backup = await store.get('subjectKeys', id);
    await compliance.eraseSubject(officer, given);
    await compliance.eraseSubject(operator, given);
    const db = new DatabaseSync(path);
    db.prepare('UPDATE zp_subjectKeys SET version=?, body=? WHERE id=?').run(backup?.version ?? 0, JSON.stringify(backup?.body), id);
    db.close();
    expect((await verifyEvidence(store)).tenants[0]?.faults).toMatchObject([
      { kind: 'record-rolled-back', record: { collection: 'subjectKeys', id } },
    ]);
  });

  it('restricts what the law still wants kept, answers why, and destroys the key once it was disposed of', async () => {
    const { posting } = await fill();
    const { compliance, store, clock } = world;
    const given = { subject: 'organisation.org-firm', ground: 'service-ended', reference: 'case/2029-1' };
    // What is under way has to end first.
    expect(await refusal(compliance.eraseSubject(officer, given))).toBe('ZP_STATE');
    clock.set('2027-01-01T02:00:00.000Z');
    const drafts = await compliance.listPostings(employer, { limit: 5, state: 'draft' });
    for (const { id } of drafts.items) await compliance.withdrawPosting(employer, id);
    await compliance.closePosting(officer, posting);
    await compliance.settleServices(operator);

    const answered = await compliance.eraseSubject(officer, given);
    expect(answered).toMatchObject({ state: 'restricted', by: [officer.id], until: '2030-01-01' });
    expect(answered.answer.zh).toMatch(/个人信息保护法.*第四十七条.*/u);
    expect(answered.answer.zh).toContain('2030-01-01');
    expect(await compliance.getErasure(operator, given.subject)).toEqual(answered);
    // Asked again, the answer is the same, and nothing is written.
    expect(await compliance.eraseSubject(operator, given)).toEqual(answered);

    // Stored, and nothing else: nobody reads it, nothing is added, and what moves on keeps what it withholds.
    const sealedBefore = (await store.get('postings', posting))?.body['title'];
    const shown = await compliance.getPosting(officer, posting);
    expect([shown.content, shown.posting.body.title].map(isRestricted)).toEqual([true, true]);
    expect(await refusal(compliance.submitPosting(employer, POSTING))).toBe('ZP_SUBJECT_RESTRICTED');
    expect(await compliance.rescreenAll(officer)).toMatchObject({ changed: 0 });
    expect((await store.get('postings', posting))?.body['title']).toEqual(sealedBefore);

    // Two persons may lift it, as for an authority, and put it back.
    const lift = { subject: given.subject, reference: 'order/2027-3' };
    expect(await compliance.liftRestriction(officer, lift)).toMatchObject({ state: 'awaiting-second-person' });
    expect(await refusal(compliance.liftRestriction(officer, lift))).toBe('ZP_SEPARATION_OF_DUTIES');
    expect(await compliance.liftRestriction(operator, lift)).toMatchObject({ state: 'lifted' });
    expect((await compliance.getPosting(officer, posting)).content.title).toBe(CANARY.title);
    expect(await refusal(compliance.liftRestriction(operator, lift))).toBe('ZP_STATE');
    await compliance.eraseSubject(officer, given);

    // Three years are over, and still nothing is gone by itself.
    clock.set('2030-01-02T02:00:00.000Z');
    expect(await compliance.settleErasures(operator)).toEqual({ erased: 0, restricted: 1 });
    for (const by of [officer, operator]) await compliance.confirmTime(by, { today: '2030-01-02', reference: 'CLOCK-1' });
    const { id: plan = '' } = await compliance.planDisposal(operator, { record: true });
    for (const by of [officer, operator]) await compliance.approveDisposal(by, plan);
    expect(await compliance.applyDisposal(operator, plan)).toMatchObject({ kept: [] });
    expect(await refusal(compliance.getPosting(officer, posting))).toBe('ZP_NOT_FOUND');
    expect((await compliance.getCertificate(officer, posting)).body.approvers).toEqual([officer.id, operator.id]);

    expect(await compliance.settleErasures(operator)).toEqual({ erased: 1, restricted: 0 });
    expect((await store.get('subjectKeys', `main/${given.subject}`))?.body['key']).toBeUndefined();
    expect(await compliance.getErasure(officer, given.subject)).toMatchObject({ state: 'erased', by: [officer.id, 'rule:period-ended'] });
    expect(await refusal(compliance.submitPosting(employer, POSTING))).toBe('ZP_SUBJECT_ERASED');
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });
  });

  it('restricts a person whose appeal and identity papers belong to what is kept', async () => {
    const { material, rejected, posting } = await fill();
    const { compliance, store } = world;
    const given = { subject: `account.${employer.id}`, ground: 'consent-withdrawn', reference: 'case/2026-17' };
    expect(await compliance.eraseSubject(officer, given)).toMatchObject({ state: 'restricted' });
    expect(isRestricted((await compliance.getMaterial(officer, material)).body.reference)).toBe(true);
    expect(isRestricted((await compliance.getDecision(officer, rejected)).appeal?.explanation)).toBe(true);
    // What is the employer's and not the person's goes on.
    expect((await compliance.getPosting(officer, posting)).content.title).toBe(CANARY.title);
    // A record moves on with what it withholds.
    const sealed = (await store.get('materials', material))?.body['reference'];
    await compliance.revokeMaterial(officer, material, { reasons: [{ reason: 'material-expired', facts: '材料到期' }] });
    expect((await store.get('materials', material))?.body).toMatchObject({ state: 'revoked', reference: sealed });
    await disposeAll(posting);
    expect(await compliance.settleErasures(operator)).toEqual({ erased: 1, restricted: 0 });
    expect(isErased((await compliance.getMaterial(officer, material)).body.reference)).toBe(true);
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });
  });

  it('seals no field that anything is searched by', () => {
    for (const { collection, path } of SEALED_FIELDS) {
      const declared = COLLECTIONS.find((c) => c.name === collection);
      expect(declared, collection).toBeDefined();
      expect(declared?.fields, collection).not.toContain(path[0]);
    }
  });

  it('records that personal fields are kept in clear, once a tenant, with the reason', async () => {
    const store = sqliteStore({ path: ':memory:' });
    const clock = createTestClock('2026-11-24T02:00:00.000Z');
    const compliance = createCompliance({ store, signing, identity, clock, keys: unsealed({ reason: '数据库整体加密，仅本系统可读' }) });
    const profile = { name: '示例公共就业服务中心', agencyType: 'public', modes: ['platform'], jurisdictions: ['CN'] };
    await compliance.setOperator(operator, profile);
    await compliance.setOperator(operator, profile);
    const { records } = await store.find('evidence', { limit: 10 });
    expect(records.map(({ body }) => (body['entry'] as { kind: string }).kind)).toEqual([
      'confidentiality.weakened',
      'operator.set',
      'operator.set',
    ]);
    expect((await store.get('subjectKeys', 'main/unsealed'))?.body).toMatchObject({ reason: '数据库整体加密，仅本系统可读' });
    expect(await refusal(compliance.rotateAllKeys(operator))).toBe('ZP_STATE');
    expect(await verifyEvidence(store)).toMatchObject({ ok: true });
    expect(() => unsealed({ reason: '不想' })).toThrow('ZP_OPTION_INVALID');
  });

  it('is not built in production without keys or a reason', () => {
    const before = process.env['NODE_ENV'];
    const store = sqliteStore({ path: ':memory:' });
    process.env['NODE_ENV'] = 'production';
    try {
      expect(() => createCompliance({ store, signing, identity })).toThrow('keys is required');
      expect(() => createCompliance({ store, signing, identity, keys: unsealed({ reason: 'the disk is encrypted' }) })).not.toThrow();
    } finally {
      process.env['NODE_ENV'] = before;
    }
  });
});
