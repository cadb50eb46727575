import type { CollectionDeclaration } from './store.ts';

/** Every collection the kit writes (数据集合), with the fields it is searched by. */
export const COLLECTIONS: readonly CollectionDeclaration[] = [
  { name: 'operators', fields: ['tenant'], indexes: [] },
  { name: 'organisations', fields: ['tenant', 'uscc'], indexes: [['tenant', 'uscc'], ['tenant']] },
  {
    name: 'materials',
    fields: ['tenant', 'organisation', 'state'],
    indexes: [['tenant', 'organisation'], ['tenant', 'state']],
  },
  {
    name: 'postings',
    fields: ['tenant', 'organisation', 'state', 'expiresOn', 'updatedAt'],
    indexes: [['tenant', 'state', 'updatedAt'], ['tenant', 'state', 'expiresOn'], ['tenant', 'organisation', 'updatedAt']],
  },
  { name: 'postingVersions', fields: ['tenant', 'posting'], indexes: [['tenant', 'posting']] },
  {
    name: 'reviews',
    fields: ['tenant', 'state', 'kind', 'openedAt', 'subject'],
    indexes: [['tenant', 'state', 'openedAt'], ['tenant', 'state', 'kind', 'openedAt']],
  },
  { name: 'decisions', fields: ['tenant', 'subject', 'at'], indexes: [['tenant', 'subject', 'at'], ['tenant', 'at']] },
  { name: 'appeals', fields: ['tenant', 'state', 'filedAt'], indexes: [['tenant', 'state', 'filedAt']] },
  { name: 'idempotency', fields: ['expiresAt'], indexes: [['expiresAt']] },
  { name: 'evidence', fields: [], indexes: [] },
  { name: 'evidenceHeads', fields: [], indexes: [] },
  { name: 'checkpoints', fields: [], indexes: [] },
];
