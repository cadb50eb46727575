import { ComplianceError } from '../../kernel/errors.ts';
import type { Change, Store } from '../../kernel/store.ts';
import { cite } from '../../rules/instruments.ts';
import type { CertificateRecord } from './records.ts';

/** What leaves only by disposal. */
const BY_DISPOSAL: readonly string[] = ['postings', 'postingVersions', 'reviews', 'decisions', 'appeals', 'services', 'serviceParts'];
/** What never leaves: without these nobody could say what was kept, for how long, and where it went. */
const NEVER: readonly string[] = [
  'operators',
  'organisations',
  'materials',
  'packs',
  'serviceLinks',
  'holds',
  'disposalPlans',
  'disposalCertificates',
  'retentionGates',
  'segments',
  'drills',
  'subjectKeys',
];

/** Records by whose certificate, or by whose disposal under way, a commit may remove others. */
function warrants(changes: readonly Change[]): { readonly named: ReadonlySet<string>; readonly any: boolean } {
  const named = new Set<string>();
  let any = false;
  for (const { collection, id, expectedVersion, body } of changes) {
    if (body === undefined) continue;
    if (collection === 'disposalCertificates' && expectedVersion === 0) {
      any = true;
      named.add(`services/${id}`);
      for (const { id: posting } of (body as Partial<CertificateRecord>).postings ?? []) named.add(`postings/${posting}`);
    } else if (collection === 'services' && body['state'] === 'disposing') any = true;
  }
  return { named, any };
}

/**
 * A store that refuses early deletes (防删存储): a commit that removes what Art. 26 keeps passes only together with the
 * certificate of its disposal. The kit's own writer goes through it; give it to whatever else of the host holds the store.
 * What speaks SQL to the database is out of its reach: see the triggers and grants in docs/retention.md.
 * @throws ZP_RETAINED from `commit`, with nothing written
 * @source Order 44 Art. 26
 */
export function guardedStore(store: Store): Store {
  return {
    get: (collection, id) => store.get(collection, id),
    find: (collection, query) => store.find(collection, query),
    async commit(changes) {
      const removed = changes.filter(({ collection, body }) => body === undefined && [...BY_DISPOSAL, ...NEVER].includes(collection));
      if (removed.length > 0) {
        const { named, any } = warrants(changes);
        for (const { collection, id } of removed) {
          const isNamed = ['postings', 'services'].includes(collection) ? named.has(`${collection}/${id}`) : any;
          if (isNamed && !NEVER.includes(collection)) continue;
          throw new ComplianceError('ZP_RETAINED', {
            detail: {
              zh: `${collection} 中的记录只能经处置删除，并须有处置凭证`,
              en: `A record of ${collection} leaves only by disposal, with its certificate`,
            },
            citations: [cite('order44', '26')],
          });
        }
      }
      await store.commit(changes);
    },
    close: () => store.close(),
  };
}
