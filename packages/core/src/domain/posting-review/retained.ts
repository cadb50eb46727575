import type { Calendar } from '../../kernel/calendar.ts';
import type { Reader } from '../../kernel/execute.ts';
import { load } from '../../kernel/records.ts';
import type { PlacedRecord } from '../../kernel/records.ts';
import type { Change, Query, StoredRecord } from '../../kernel/store.ts';
import { POSTING_STATES, versionId } from './records.ts';
import type { AppealRecord, DecisionRecord, MaterialRecord, PostingRecord, PostingState, ReviewRecord } from './records.ts';

/** States in which nothing more happens to a posting unless somebody takes it up again. */
const ENDED: readonly PostingState[] = ['rejected', 'expired', 'withdrawn', 'closed'];
const PAGE = 200;

/** A posting as its retention sees it (保存视角的招聘信息). */
interface Retained {
  readonly organisation: string;
  readonly contentHash: string;
  readonly ended?: { readonly on: string; readonly how: string };
}

/** What is known of postings after their service (服务结束后的招聘信息), for whoever keeps and removes them. */
export interface RetainedPostings {
  find(reader: Reader, id: string): Promise<Retained | undefined>;
  ended(reader: Reader, since: string): AsyncIterable<{ readonly id: string; readonly organisation: string }>;
  records(reader: Reader, id: string): Promise<readonly PlacedRecord[]>;
  removal(reader: Reader, id: string): Promise<readonly Change[] | undefined>;
  about(reader: Reader, subject: string): Promise<About>;
}

/** What is kept of a subject among postings, materials and appeals (涉及某主体的保存内容). */
interface About {
  /** Organisations whose postings keep it; none: nothing does. */
  readonly organisations: readonly string[];
  /** Something of it is not over: a posting, or an appeal. */
  readonly isUnderWay: boolean;
}

async function all(reader: Reader, collection: string, query: Omit<Query, 'limit'>): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await reader.find(collection, { ...query, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    records.push(...page.records);
    cursor = page.cursor;
    if (cursor === undefined) return records;
  }
}

/** Decisions about a posting, and about those decisions when they were appealed. */
async function decisionsOn(reader: Reader, id: string): Promise<readonly StoredRecord[]> {
  const own = await all(reader, 'decisions', { where: { subject: id }, range: { field: 'at', gt: '' } });
  const appealed = await Promise.all(
    own.map((one) => all(reader, 'decisions', { where: { subject: one.id }, range: { field: 'at', gt: '' } })),
  );
  return [...own, ...appealed.flat()];
}

const UNDER_WAY = POSTING_STATES.filter((state) => !ENDED.includes(state));

async function isAny(reader: Reader, collection: string, where: Query['where']): Promise<boolean> {
  return (await reader.find(collection, { where: where ?? {}, limit: 1 })).records.length > 0;
}

async function aboutOrganisation(reader: Reader, organisation: string): Promise<About> {
  if (!(await isAny(reader, 'postings', { organisation }))) return { organisations: [], isUnderWay: false };
  const open = await Promise.all(UNDER_WAY.map((state) => isAny(reader, 'postings', { organisation, state })));
  // An appeal is worked on while its posting rests: a queue is short, and this is asked seldom.
  const reviews = await all(reader, 'reviews', { where: { state: 'open' }, range: { field: 'openedAt', gt: '' } });
  const isReviewed = reviews.some(({ body }) => (body as ReviewRecord).organisation === organisation);
  return { organisations: [organisation], isUnderWay: open.includes(true) || isReviewed };
}

/** A person is in the appeals they filed, and in the materials that name them as the handler of an employer. */
async function aboutAccount(reader: Reader, account: string): Promise<About> {
  const appeals = await all(reader, 'appeals', { where: { filedBy: account } });
  const decisions = await Promise.all(
    appeals.map(({ body }) => load<DecisionRecord>(reader, 'decisions', (body as AppealRecord).decision)),
  );
  const materials = await all(reader, 'materials', { where: { handler: account } });
  const organisations = new Set(decisions.flatMap((one) => (one ? [one.body.organisation] : [])));
  for (const { body } of materials) {
    const { organisation } = body as MaterialRecord;
    if (await isAny(reader, 'postings', { organisation })) organisations.add(organisation);
  }
  return { organisations: [...organisations], isUnderWay: appeals.some(({ body }) => (body as AppealRecord).state === 'open') };
}

/** Whether somebody still reviews a posting, or an appeal about it: what is worked on is not over, whatever its state says. */
async function isWorkedOn(reader: Reader, id: string): Promise<boolean> {
  const subjects = [id, ...(await decisionsOn(reader, id)).map((one) => one.id)];
  const open = await Promise.all(subjects.map((subject) => reader.find('reviews', { where: { subject, state: 'open' }, limit: 1 })));
  return open.some(({ records }) => records.length > 0);
}

export function createRetainedPostings(calendar: Calendar): RetainedPostings {
  async function records(reader: Reader, id: string): Promise<readonly PlacedRecord[]> {
    const posting = await reader.get('postings', id);
    if (posting === undefined) return [];
    const { contentVersion } = posting.body as PostingRecord;
    const decisions = await decisionsOn(reader, id);
    const subjects = [id, ...decisions.map((one) => one.id)];
    const placed: PlacedRecord[] = [{ collection: 'postings', record: posting }];
    const add = (collection: string, found: readonly (StoredRecord | undefined)[]): void => {
      for (const record of found) if (record) placed.push({ collection, record });
    };
    for (let version = 1; version <= contentVersion; version++)
      add('postingVersions', [await reader.get('postingVersions', versionId(id, version))]);
    add('decisions', decisions);
    add('reviews', (await Promise.all(subjects.map((subject) => all(reader, 'reviews', { where: { subject } })))).flat());
    add('appeals', await Promise.all(decisions.map((one) => reader.get('appeals', one.id))));
    return placed;
  }

  return {
    async find(reader, id) {
      const posting = await load<PostingRecord>(reader, 'postings', id);
      if (posting === undefined) return undefined;
      const { organisation, contentHash, state, updatedAt } = posting.body;
      // The day of the change, not the last day shown: nothing ends before it was seen to end.
      const isOver = ENDED.includes(state) && !(await isWorkedOn(reader, id));
      const ended = isOver ? { on: calendar.today(Date.parse(updatedAt)), how: state } : undefined;
      return { organisation, contentHash, ...(ended ? { ended } : {}) };
    },
    async *ended(reader, since) {
      for (const state of ENDED) {
        for (let cursor: string | undefined; ;) {
          const page = await reader.find('postings', {
            where: { state },
            range: { field: 'updatedAt', gt: since },
            limit: PAGE,
            ...(cursor === undefined ? {} : { cursor }),
          });
          for (const { id, body } of page.records) yield { id, organisation: (body as PostingRecord).organisation };
          cursor = page.cursor;
          if (cursor === undefined) break;
        }
      }
    },
    records,
    async about(reader, subject) {
      const [kind, ...rest] = subject.split('.');
      return kind === 'organisation' ? aboutOrganisation(reader, rest.join('.')) : aboutAccount(reader, rest.join('.'));
    },
    async removal(reader, id) {
      const found = await records(reader, id);
      // Seen in the same reading: what is removed is what was looked at.
      if (found.some(({ collection, record }) => collection === 'reviews' && record.body['state'] === 'open')) return undefined;
      return found.map(({ collection, record }) => ({ collection, id: record.id, expectedVersion: record.version }));
    },
  };
}
