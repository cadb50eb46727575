import type { CollectionDeclaration } from './store.ts';

/** Every collection the kit writes (数据集合), with the fields it is searched by. */
export const COLLECTIONS: readonly CollectionDeclaration[] = [
  { name: 'operators', fields: ['tenant'], indexes: [] },
  { name: 'organisations', fields: ['tenant', 'uscc'], indexes: [['tenant', 'uscc']] },
  {
    name: 'materials',
    fields: ['tenant', 'organisation', 'employerUscc', 'handler', 'state'],
    indexes: [
      ['tenant', 'organisation', 'employerUscc'],
      ['tenant', 'handler'],
    ],
  },
  {
    name: 'postings',
    fields: ['tenant', 'organisation', 'state', 'expiresOn', 'updatedAt'],
    indexes: [
      ['tenant', 'updatedAt'],
      ['tenant', 'state', 'updatedAt'],
      ['tenant', 'state', 'expiresOn'],
      ['tenant', 'organisation', 'updatedAt'],
    ],
  },
  { name: 'postingVersions', fields: ['tenant'], indexes: [] },
  {
    name: 'reviews',
    fields: ['tenant', 'state', 'kind', 'openedAt', 'subject'],
    indexes: [
      ['tenant', 'subject'],
      ['tenant', 'state', 'openedAt'],
      ['tenant', 'state', 'kind', 'openedAt'],
    ],
  },
  { name: 'decisions', fields: ['tenant', 'subject', 'at'], indexes: [['tenant', 'subject', 'at']] },
  { name: 'appeals', fields: ['tenant', 'filedBy'], indexes: [['tenant', 'filedBy']] },
  { name: 'packs', fields: ['tenant'], indexes: [] },
  {
    name: 'services',
    fields: ['tenant', 'organisation', 'state', 'completedOn', 'archive'],
    indexes: [
      ['tenant', 'archive'],
      ['tenant', 'state', 'completedOn'],
      ['tenant', 'organisation', 'completedOn'],
    ],
  },
  { name: 'serviceParts', fields: ['tenant', 'service'], indexes: [['tenant', 'service']] },
  { name: 'serviceLinks', fields: ['tenant'], indexes: [] },
  { name: 'holds', fields: ['tenant', 'target', 'active'], indexes: [['tenant', 'active', 'target']] },
  { name: 'disposalPlans', fields: ['tenant', 'madeAt'], indexes: [['tenant', 'madeAt']] },
  { name: 'disposalCertificates', fields: ['tenant', 'organisation', 'disposedAt'], indexes: [['tenant', 'organisation', 'disposedAt']] },
  { name: 'retentionGates', fields: ['tenant'], indexes: [] },
  {
    name: 'segments',
    fields: ['tenant', 'month', 'state', 'lockedUntil'],
    indexes: [
      ['tenant', 'month'],
      ['tenant', 'state', 'lockedUntil'],
    ],
  },
  { name: 'accesses', fields: ['tenant', 'at'], indexes: [['tenant', 'at']] },
  { name: 'accessCounters', fields: ['tenant', 'day'], indexes: [['tenant', 'day']] },
  { name: 'exports', fields: ['tenant'], indexes: [['tenant']] },
  { name: 'canaries', fields: ['tenant'], indexes: [['tenant']] },
  {
    name: 'runs',
    fields: ['tenant', 'slot', 'state'],
    indexes: [
      ['tenant', 'slot'],
      ['tenant', 'state'],
    ],
  },
  { name: 'jobs', fields: ['tenant'], indexes: [] },
  {
    name: 'audits',
    fields: ['tenant', 'kind', 'state', 'startedAt'],
    indexes: [
      ['tenant', 'startedAt'],
      ['tenant', 'kind', 'state', 'startedAt'],
      ['tenant', 'state'],
    ],
  },
  {
    name: 'findings',
    fields: ['tenant', 'state', 'foundAt'],
    indexes: [
      ['tenant', 'state'],
      ['tenant', 'foundAt'],
    ],
  },
  { name: 'notices', fields: ['tenant', 'notice'], indexes: [['tenant', 'notice']] },
  { name: 'consents', fields: ['tenant', 'subject'], indexes: [['tenant', 'subject']] },
  { name: 'rightsRequests', fields: ['tenant', 'state', 'dueOn'], indexes: [['tenant', 'state', 'dueOn']] },
  { name: 'recipients', fields: ['tenant'], indexes: [['tenant']] },
  { name: 'transferPersons', fields: ['tenant'], indexes: [] },
  { name: 'transferYears', fields: ['tenant'], indexes: [] },
  { name: 'assessments', fields: ['tenant', 'on'], indexes: [['tenant', 'on']] },
  { name: 'incidents', fields: ['tenant', 'openedAt'], indexes: [['tenant', 'openedAt']] },
  { name: 'personScales', fields: ['tenant'], indexes: [] },
  { name: 'duties', fields: ['tenant', 'open', 'dueOn'], indexes: [['tenant', 'open', 'dueOn']] },
  { name: 'dutyFeeds', fields: ['tenant'], indexes: [['tenant']] },
  {
    name: 'securityProofs',
    fields: ['tenant', 'kind', 'on'],
    indexes: [
      ['tenant', 'kind', 'on'],
      ['tenant', 'on'],
    ],
  },
  { name: 'rectifications', fields: ['tenant', 'receivedOn'], indexes: [['tenant', 'receivedOn']] },
  {
    name: 'credentials',
    fields: ['tenant', 'current', 'at'],
    indexes: [
      ['tenant', 'current'],
      ['tenant', 'at'],
    ],
  },
  { name: 'credentialWaivers', fields: ['tenant', 'at'], indexes: [['tenant', 'at']] },
  { name: 'disclosures', fields: ['tenant'], indexes: [] },
  { name: 'disclosureVersions', fields: ['tenant', 'at'], indexes: [['tenant', 'at']] },
  {
    name: 'captures',
    fields: ['tenant', 'page', 'day'],
    indexes: [
      ['tenant', 'day'],
      ['tenant', 'page', 'day'],
    ],
  },
  { name: 'changeReports', fields: ['tenant', 'at'], indexes: [['tenant', 'at']] },
  { name: 'endings', fields: ['tenant', 'at'], indexes: [['tenant', 'at']] },
  { name: 'priceLists', fields: ['tenant', 'effectiveFrom'], indexes: [['tenant', 'effectiveFrom']] },
  {
    name: 'charges',
    fields: ['tenant', 'payment', 'attempt', 'day', 'at'],
    indexes: [
      ['tenant', 'payment', 'attempt'],
      ['tenant', 'day'],
      ['tenant', 'at'],
    ],
  },
  {
    name: 'refunds',
    fields: ['tenant', 'charge', 'day'],
    indexes: [
      ['tenant', 'charge'],
      ['tenant', 'day'],
    ],
  },
  { name: 'reconciliations', fields: ['tenant', 'at'], indexes: [['tenant', 'at']] },
  {
    name: 'ruleVersions',
    fields: ['tenant', 'document', 'number'],
    indexes: [['tenant', 'document', 'number']],
  },
  {
    name: 'ruleComments',
    fields: ['tenant', 'ruleVersion', 'by', 'at'],
    indexes: [
      ['tenant', 'ruleVersion', 'at'],
      ['tenant', 'ruleVersion', 'by', 'at'],
    ],
  },
  {
    name: 'acceptances',
    fields: ['tenant', 'user', 'ruleVersion', 'at'],
    indexes: [
      ['tenant', 'user', 'at'],
      ['tenant', 'ruleVersion', 'at'],
    ],
  },
  { name: 'drills', fields: ['tenant', 'at'], indexes: [['tenant', 'at']] },
  { name: 'retentionEvents', fields: ['tenant'], indexes: [['tenant']] },
  { name: 'subjectKeys', fields: ['tenant', 'state'], indexes: [['tenant', 'state']] },
  { name: 'idempotency', fields: ['expiresAt'], indexes: [['expiresAt']] },
  { name: 'leases', fields: [], indexes: [] },
  { name: 'inbox', fields: [], indexes: [] },
  { name: 'positions', fields: [], indexes: [] },
  { name: 'evidence', fields: [], indexes: [] },
  { name: 'evidenceHeads', fields: [], indexes: [] },
  { name: 'checkpoints', fields: [], indexes: [] },
  { name: 'anchors', fields: ['tenant'], indexes: [['tenant']] },
];
