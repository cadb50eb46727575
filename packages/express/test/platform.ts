import { generateKeyPairSync } from 'node:crypto';

import { completeUscc, createCompliance, createDevelopmentIssuer, createTestClock } from '@zhengpin/core';
import type { Actor, Compliance, ComplianceOptions, PostingContent, Store, TestClock } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';

/** Invented firms; their codes carry valid check digits and belong to nobody. */
export const FIRM = { name: '启明示例科技有限公司', uscc: completeUscc('91110108MA00YP00A') };
export const CLIENT = { name: '远山示例制造有限公司', uscc: completeUscc('91310115MA00YP00B') };

export const employer: Actor = { id: 'acct-employer', tenant: 'main', role: 'employer', organisation: 'org-firm' };
export const agency: Actor = { id: 'acct-agency', tenant: 'main', role: 'agency', organisation: 'org-agency' };
export const reviewer: Actor = { id: 'acct-reviewer-1', tenant: 'main', role: 'reviewer' };
export const reviewer2: Actor = { id: 'acct-reviewer-2', tenant: 'main', role: 'reviewer' };
export const reviewer3: Actor = { id: 'acct-reviewer-3', tenant: 'main', role: 'reviewer' };
export const officer: Actor = { id: 'acct-officer', tenant: 'main', role: 'compliance-officer' };
export const auditor: Actor = { id: 'acct-auditor', tenant: 'main', role: 'auditor' };
export const inspector: Actor = { id: 'acct-inspector', tenant: 'main', role: 'inspector' };
export const operator: Actor = { id: 'acct-operator', tenant: 'main', role: 'operator' };

export const OPERATOR = {
  name: '示例人力资源服务有限公司',
  agencyType: 'commercial',
  modes: ['platform'],
  jurisdictions: ['CN'],
  licence: {
    number: '(京)人服证字〔2025〕第0123456789号',
    authority: '示例市人力资源和社会保障局',
    scope: ['职业中介活动（开展网络招聘服务）'],
    validFrom: '2025-01-01',
    validThrough: '2029-12-31',
  },
};

/** A lawful posting; `over` replaces top-level fields. */
export function posting(over: Partial<PostingContent> = {}): PostingContent {
  return {
    title: '后端工程师',
    accountType: 'employer-direct',
    employer: FIRM,
    headcount: 2,
    requirements: '熟悉 TypeScript 与关系数据库，三年以上相关经验',
    workContent: '负责交易系统的设计、开发与维护',
    workingConditions: '办公室工作，五天八小时，缴纳五险一金',
    place: { city: '北京', address: '海淀区示例路1号' },
    pay: { minFen: 1_500_000, maxFen: 2_500_000, unit: 'month', months: 13 },
    employmentType: 'full-time',
    validity: { validThrough: '2027-03-31' },
    source: { kind: 'original' },
    ...over,
  };
}

export interface Platform {
  readonly compliance: Compliance;
  readonly store: Store;
  readonly clock: TestClock;
  token(actor: Actor): Promise<string>;
  /** Claim and decide one task. */
  decide(by: Actor, review: string, verdict: object): Promise<string>;
  /** Submit and accept the four materials of a firm; returns their ids. */
  acceptMaterials(by: Actor, uscc: string, except?: string): Promise<readonly string[]>;
}

/** A platform with its operator and one registered employer, on the memory store unless told otherwise. */
export async function createPlatform(
  store: Store = memoryStore(),
  clock: TestClock = createTestClock('2026-11-24T02:00:00.000Z'),
  more: Pick<ComplianceOptions, 'anchors' | 'keys' | 'retention' | 'personal' | 'selfAudit' | 'duties' | 'disclosure' | 'fees'> = {},
): Promise<Platform> {
  const issuer = await createDevelopmentIssuer(clock);
  const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const signing = { name: 'jobs.example', privateKeyPem };
  const compliance = createCompliance({ store, signing, identity: issuer.identity, clock, ...more });
  await compliance.setOperator(operator, OPERATOR);
  await compliance.registerOrganisation(employer, { ...FIRM, accountType: 'employer-direct' });

  async function decide(by: Actor, review: string, verdict: object): Promise<string> {
    const { version } = await compliance.claimReview(by, review);
    return (await compliance.decideReview(by, review, verdict, { expectedVersion: version })).decision;
  }

  return {
    compliance,
    store,
    clock,
    decide,
    token: (actor) => issuer.mint(actor),
    async acceptMaterials(by, uscc, except) {
      const ids: string[] = [];
      const handler = { handler: by.id, expiresOn: '2027-12-31' };
      const materials = [
        { kind: 'recruitment-brief' },
        { kind: 'business-licence', expiresOn: '2030-01-01' },
        { kind: 'handler-identity', ...handler },
        { kind: 'authorisation-letter', ...handler },
      ];
      for (const material of materials.filter((m) => m.kind !== except)) {
        const { id, review } = await compliance.submitMaterial(by, {
          employerUscc: uscc,
          reference: `files/${material.kind}`,
          sha256: 'a'.repeat(64),
          ...material,
        });
        await decide(reviewer, review, { verdict: 'approve' });
        ids.push(id);
      }
      return ids;
    },
  };
}
