import type { Calendar } from '../../kernel/calendar.ts';
import type { Reader } from '../../kernel/execute.ts';
import { load } from '../../kernel/records.ts';
import type { Change, Query, StoredRecord } from '../../kernel/store.ts';
import { versionId } from './records.ts';
import type { PostingRecord, PostingState } from './records.ts';

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
  ended(reader: Reader): AsyncIterable<{ readonly id: string; readonly organisation: string }>;
  removal(reader: Reader, id: string): Promise<readonly Change[] | undefined>;
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

/** Whether somebody still reviews a posting, or an appeal about it: what is worked on is not over, whatever its state says. */
async function isWorkedOn(reader: Reader, id: string): Promise<boolean> {
  const subjects = [id, ...(await decisionsOn(reader, id)).map((one) => one.id)];
  const open = await Promise.all(subjects.map((subject) => reader.find('reviews', { where: { subject, state: 'open' }, limit: 1 })));
  return open.some(({ records }) => records.length > 0);
}

export function createRetainedPostings(calendar: Calendar): RetainedPostings {
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
    async *ended(reader) {
      for (const state of ENDED) {
        for (let cursor: string | undefined; ;) {
          const page = await reader.find('postings', {
            where: { state },
            range: { field: 'updatedAt', gt: '' },
            limit: PAGE,
            ...(cursor === undefined ? {} : { cursor }),
          });
          for (const { id, body } of page.records) yield { id, organisation: (body as PostingRecord).organisation };
          cursor = page.cursor;
          if (cursor === undefined) break;
        }
      }
    },
    async removal(reader, id) {
      const posting = await load<PostingRecord>(reader, 'postings', id);
      if (posting === undefined) return [];
      const changes: Change[] = [{ collection: 'postings', id, expectedVersion: posting.version }];
      const add = (collection: string, records: readonly (StoredRecord | undefined)[]): void => {
        for (const one of records) if (one) changes.push({ collection, id: one.id, expectedVersion: one.version });
      };
      for (let version = 1; version <= posting.body.contentVersion; version++)
        add('postingVersions', [await reader.get('postingVersions', versionId(id, version))]);
      const decisions = await decisionsOn(reader, id);
      const subjects = [id, ...decisions.map((one) => one.id)];
      const reviews = (await Promise.all(subjects.map((subject) => all(reader, 'reviews', { where: { subject } })))).flat();
      // Seen again in the same reading: what is removed here is what was looked at.
      if (reviews.some(({ body }) => body['state'] === 'open')) return undefined;
      add('decisions', decisions);
      add('reviews', reviews);
      add('appeals', await Promise.all(decisions.map((one) => reader.get('appeals', one.id))));
      return changes;
    },
  };
}
