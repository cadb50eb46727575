import { isComplianceError } from '@zhengpin/core';
import type { Actor, Compliance, PublishedPosting } from '@zhengpin/core';

/** What a search looks for; an empty string means no condition. */
interface Search {
  readonly words: string;
  readonly city: string;
  /** From 1. */
  readonly page: number;
}

interface Found {
  readonly postings: readonly PublishedPosting[];
  /** How many match, as far as the index knows. */
  readonly total: number;
  readonly pages: number;
}

interface Row {
  readonly version: number;
  readonly text: string;
  readonly city: string;
  readonly publishedAt: string;
}

/** Search over what is published (已发布信息的检索); what it returns is read from the kit at that moment. */
export interface PublishedIndex {
  search(search: Search): Promise<Found>;
  cities(): Promise<readonly string[]>;
}

const PAGE_SIZE = 10;
const BATCH = 100;
/** A write is stamped before it is on disk: look back this far for one that was overtaken. */
const OVERLAP_MS = 60_000;

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/**
 * A projection in memory, brought up to date before each search by walking the newest published postings back to where
 * the last walk began. It only proposes: whether a posting shows is asked of `publishedPosting` every time, so a posting
 * that was taken down, or rests on a lapsed material, never shows because the projection is behind.
 * @param reader an account that may list every posting
 */
export function createPublishedIndex(compliance: Compliance, reader: Actor): PublishedIndex {
  const rows = new Map<string, Row>();
  let newest = '';
  let running: Promise<void> | undefined;

  async function current(id: string): Promise<PublishedPosting | undefined> {
    try {
      return await compliance.publishedPosting(reader.tenant, id);
    } catch (error) {
      if (isComplianceError(error) && error.code === 'ZP_NOT_PUBLISHED') return undefined;
      throw error;
    }
  }

  async function walk(): Promise<void> {
    const until = newest === '' ? '' : new Date(Date.parse(newest) - OVERLAP_MS).toISOString();
    let first = newest;
    let cursor: string | undefined;
    do {
      const page = await compliance.listPostings(reader, { state: 'published', limit: BATCH, ...(cursor === undefined ? {} : { cursor }) });
      for (const { id, version, body } of page.items) {
        if (body.updatedAt < until) {
          newest = first;
          return;
        }
        if (body.updatedAt > first) first = body.updatedAt;
        if (rows.get(id)?.version === version) continue;
        const { title, employer, requirements, workContent, place } = (await compliance.getPosting(reader, id)).content;
        rows.set(id, {
          version,
          text: fold([title, employer.name, workContent, requirements].join('\n')),
          city: place.city,
          publishedAt: body.publishedAt ?? body.updatedAt,
        });
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
    newest = first;
  }

  /** One walk at a time. One that had begun already may have missed the last write, so a new one follows it. */
  async function refresh(): Promise<void> {
    const earlier = running;
    await earlier?.catch(() => undefined);
    if (running === earlier) running = walk();
    await running;
  }

  return {
    async search({ words, city, page }) {
      await refresh();
      const wanted = fold(words).split(/\s+/).filter(Boolean);
      const place = fold(city);
      const hits = [...rows]
        .filter(([, row]) => (place === '' || fold(row.city).includes(place)) && wanted.every((word) => row.text.includes(word)))
        .toSorted(([, a], [, b]) => (a.publishedAt < b.publishedAt ? 1 : -1));
      const postings: PublishedPosting[] = [];
      let gone = 0;
      for (const [id] of hits.slice((page - 1) * PAGE_SIZE)) {
        if (postings.length === PAGE_SIZE) break;
        const posting = await current(id);
        if (posting) postings.push(posting);
        else {
          gone++;
          // Hidden by a lapsed licence or material, it may come back; in any other state it has to be published anew.
          if ((await compliance.getPosting(reader, id)).posting.body.state !== 'published') rows.delete(id);
        }
      }
      const total = hits.length - gone;
      return { postings, total, pages: Math.max(1, Math.ceil(total / PAGE_SIZE)) };
    },
    async cities() {
      await refresh();
      return [...new Set([...rows.values()].map((row) => row.city))].toSorted((a, b) => a.localeCompare(b, 'zh'));
    },
  };
}
