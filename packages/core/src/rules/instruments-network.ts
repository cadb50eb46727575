import type { Instrument } from '../kernel/law.ts';

/** Rules of the network administration that clocks and registers rest on (网信领域文件). */
export const NETWORK_RULES: readonly Instrument[] = [
  {
    id: 'network-data',
    title: { zh: '网络数据安全管理条例', en: 'Regulation on Network Data Security' },
    number: '国务院令第790号',
    version: '2024',
    effectiveFrom: '2025-01-01',
  },
  {
    id: 'algorithms',
    title: { zh: '互联网信息服务算法推荐管理规定', en: 'Provisions on Algorithmic Recommendations' },
    number: '国家互联网信息办公室令第9号',
    version: '2022',
    effectiveFrom: '2022-03-01',
  },
  {
    id: 'incident-reports',
    title: { zh: '国家网络安全事件报告管理办法', en: 'Measures on Reporting Cybersecurity Incidents' },
    number: '',
    version: '2025',
    effectiveFrom: '2025-11-01',
  },
  {
    id: 'audit-measures',
    title: { zh: '个人信息保护合规审计管理办法', en: 'Measures on Compliance Audits of Personal Information Protection' },
    number: '国家互联网信息办公室令第18号',
    version: '2025',
    effectiveFrom: '2025-05-01',
  },
  {
    id: 'officer-filing',
    clauses: true,
    title: { zh: '关于开展个人信息保护负责人信息报送工作的公告', en: 'Announcement on Filing Personal Information Protection Officers' },
    number: '',
    version: '2025',
    effectiveFrom: '2025-07-18',
  },
  {
    id: 'information-services',
    title: { zh: '互联网信息服务管理办法', en: 'Measures on Internet Information Services' },
    number: '国务院令第292号',
    version: '2024',
    effectiveFrom: '2024-12-06',
  },
];
