import { createTestClock } from '@zhengpin/core';
import type { DutyEvent, DutyView, GapEvent } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';

import { disclosureSite } from '../src/index.ts';
import { auditor, createPlatform, officer, operator } from './platform.ts';
import type { Platform } from './platform.ts';

export const DAY_MS = 86_400_000;
export const PROOF = { reference: 'FILE-1', sha256: 'a'.repeat(64) };
const held = { validFrom: '2025-01-01', ...PROOF };
export const BUSINESS = {
  kind: 'business-licence',
  number: '91110108MA00EXMP0A',
  authority: '示例市市场监督管理局',
  link: '/licences/business',
  ...held,
};
export const LICENCE = {
  kind: 'hr-licence',
  number: '(京)人服证字〔2025〕第0123456789号',
  authority: '示例市人力资源和社会保障局',
  scope: ['职业中介活动（开展网络招聘服务）'],
  link: '/licences/hr',
  ...held,
};
export const TELECOM = { kind: 'telecom-licence', number: '京B2-20250001', authority: '示例市通信管理局', ...held };
const ICP = {
  kind: 'icp-filing',
  number: '京ICP备2025000001号',
  authority: '示例市通信管理局',
  link: 'https://beian.miit.gov.cn/',
  ...held,
};
export const APP = { id: 'app', kind: 'app' };
export const DISPLAY = {
  name: '示例人力资源服务有限公司',
  domicile: '示例市示例区示例路1号',
  legalRepresentative: '示例',
  authority: { name: '示例市人力资源和社会保障局', phone: '12333' },
  complaints: { phone: '010-00000001', link: '/complaints' },
  priceList: '/fees',
  homePages: [{ id: 'web', kind: 'web', url: 'https://jobs.example/' }],
};
/** A home page of nobody’s design but the host’s own. */
export const OWN_PAGE = `<body><p>${DISPLAY.name}</p><a href="/licences/business">${BUSINESS.number} ${BUSINESS.authority}</a><a href="/licences/hr">${LICENCE.number} ${LICENCE.authority}</a><p>${TELECOM.number} ${TELECOM.authority}</p><a href="https://beian.miit.gov.cn/">${ICP.number} ${ICP.authority}</a><a href="/fees">服务项目与收费标准</a><p>${DISPLAY.authority.name} 12333</p><a href="/complaints">010-00000001</a></body>`;

export interface Display extends Platform {
  /** What the invented site answers with, path by path: a page, or a status. */
  readonly site: Map<string, string | number>;
  readonly gaps: GapEvent[];
  readonly told: DutyEvent[];
  /** What the host’s pager cannot take. */
  readonly broken: { gap: boolean; duty: (event: DutyEvent) => boolean };
  /** Let days go by, with the tick of each or what is given. */
  days(count: number, each?: () => Promise<unknown>): Promise<void>;
  duties(clock: string): Promise<readonly DutyView[]>;
  /** Put the rendered home page up. */
  show(): Promise<string>;
}

/** A platform that displays everything, with a home page that shows it and a host that is told. */
export async function createDisplay(credentials: readonly object[] = [BUSINESS, LICENCE, TELECOM, ICP]): Promise<Display> {
  const site = new Map<string, string | number>();
  const gaps: GapEvent[] = [];
  const told: DutyEvent[] = [];
  const broken: Display['broken'] = { gap: false, duty: () => false };
  const platform = await createPlatform(memoryStore(), createTestClock('2026-02-12T02:00:00.000Z'), {
    disclosure: {
      async fetch(input) {
        const answer = site.get(new URL(input instanceof Request ? input.url : input).pathname) ?? 404;
        return typeof answer === 'number' ? new Response('', { status: answer }) : new Response(answer);
      },
      onGap(gap) {
        if (broken.gap) throw new Error('the pager is down');
        gaps.push(gap);
      },
    },
    duties: {
      onDuty(event) {
        if (broken.duty(event)) throw new Error('the pager is down');
        told.push(event);
      },
    },
  });
  const { compliance, clock } = platform;
  for (const credential of credentials) {
    await compliance.recordCredential(officer, credential);
    clock.advance(1000);
  }
  await compliance.setDisclosure(officer, DISPLAY);
  for (const path of ['/licences/business', '/licences/hr', '/complaints', '/fees']) site.set(path, 'ok');
  const show = async (): Promise<string> => {
    const page = disclosureSite(compliance, { tenant: 'main' });
    const html = `<!doctype html><html><head>${page.head}</head><body><h1>招聘</h1>${await page.fragment('zh')}</body></html>`;
    site.set('/', html);
    return html;
  };
  await show();
  return {
    ...platform,
    site,
    gaps,
    told,
    broken,
    show,
    async days(count, each = () => compliance.tickDuties(operator)) {
      for (let day = 0; day < count; day++) {
        clock.advance(DAY_MS);
        await each();
      }
    },
    duties: async (of) => (await compliance.listDuties(auditor)).items.filter(({ clock: id }) => id === of),
  };
}
