import type { Command, JsonObject, StoredRecord } from '@zhengpin/core';

/** What the writers do, the same in every process. */
export interface Load {
  readonly tenants: number;
  /** Records a tenant that everybody counts up. */
  readonly hot: number;
  /** Of a hundred commits, how many count one of them up. */
  readonly contended: number;
}

/** Numbered names, so that a check needs no list of them. */
export const tenantName = (i: number): string => `t${i}`;
export const hotName = (tenant: string, i: number): string => `${tenant}-hot-${i}`;

export interface Counted extends JsonObject {
  readonly n: number;
}

/**
 * One commit of a writer: a record of its own, and mostly none or sometimes a shared one counted up. What the own record
 * says about the count shows afterwards whether any commit was lost, applied twice or applied by half.
 */
export function countUp(tenant: string, own: string, hot: string | undefined): Command<StoredRecord | undefined, Counted> {
  return {
    actor: { id: 'hammer', tenant, role: 'reviewer' },
    idempotency: { id: own, request: own },
    load: async (reader) => (hot === undefined ? undefined : reader.get('postings', hot)),
    decide(state) {
      const n = Number(state?.body['n'] ?? 0) + 1;
      const mine = { collection: 'reviews', id: own, expectedVersion: 0, body: { tenant, hot: hot ?? '', n } };
      const shared = { collection: 'postings', id: hot ?? '', expectedVersion: state?.version ?? 0, body: { tenant, n } };
      const changes = hot === undefined ? [mine] : [shared, mine];
      return { drafts: [{ kind: 'hammer.counted', subject: { collection: 'reviews', id: own }, facts: { n }, changes }], result: { n } };
    },
  };
}
