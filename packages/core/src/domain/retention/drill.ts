import { sha256Hex } from '../../kernel/canonical.ts';
import type { Archive } from '../../kernel/archive.ts';
import { ComplianceError, isComplianceError } from '../../kernel/errors.ts';
import type { Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, listed } from '../../kernel/records.ts';
import type { Listing, Loaded, PageOptions, PlacedRecord } from '../../kernel/records.ts';
import { createValidator } from '../../kernel/validate.ts';
import { DRILL_SCHEMA } from '../../rules/retention-schemas.ts';
import type { DrillInput } from '../../rules/retention-schemas.ts';
import { archiveOf } from './archive.ts';
import { idempotent } from './context.ts';
import type { RetentionContext, RetentionOptions } from './context.ts';
import type { DrillRecord, SegmentRecord, ServiceRecord } from './records.ts';
import { readSegment, segmentPrefix } from './segments.ts';

export type Drill = { readonly id: string } & Omit<DrillRecord, 'tenant'>;

/** Restore drills (恢复演练): whether what is archived could be had back. */
export interface DrillCommands {
  /**
   * Rebuild a month from the archive, beside the store and not in it, and check it: every segment on record is there with
   * its bytes and its lock, every record in it is what the evidence log committed to, what is sealed opens, and of every
   * service all postings are there. The result is put on record, whatever it is. Without a month one is drawn by lot.
   * @throws ZP_STATE without an archive; ZP_NOT_FOUND while nothing is archived of that month
   * @source Order 44 Art. 26
   */
  drillRetention(actor: Actor, input: unknown, options?: RetentionOptions): Promise<Drill>;
  /** Drills on record, newest first. */
  listDrills(actor: Actor, page: PageOptions): Promise<Listing<Loaded<DrillRecord>>>;
}

/** Segments of one drill; a month with more is a sample of them. */
const MOST = 50;
/** Faults on record; more than these say no more. */
const MOST_FAULTS = 50;

type Fault = DrillRecord['faults'][number];

const ALTERED = 'altered';

/** An archive that checks its own bytes says so by an error; any other error is one. */
function altered(error: unknown): typeof ALTERED {
  if (isComplianceError(error) && error.code === 'ZP_EVIDENCE_BROKEN') return ALTERED;
  throw error;
}

/** What was rebuilt, as a place to read from. */
function copiesOf(placed: readonly PlacedRecord[], live: Reader): Reader {
  const byKey = new Map(placed.map(({ collection, record }) => [`${collection}/${record.id}`, record]));
  return {
    // Keys are not in the archive, so that who has the archive has no keys.
    get: async (collection, id) => (collection === 'subjectKeys' ? live.get(collection, id) : byKey.get(`${collection}/${id}`)),
    find: () => Promise.reject(new TypeError('copies are read by id')),
  };
}

export function createDrills(context: RetentionContext): DrillCommands {
  const { execute } = context;
  const parse = createValidator<DrillInput>(DRILL_SCHEMA);

  /** A segment by lot: ids are digests, so the next one after a random place is as good as drawn. */
  async function drawnMonth(reader: Reader): Promise<string | undefined> {
    const place = sha256Hex(context.newId()).slice(0, 32);
    for (const gte of [place, '']) {
      const { records } = await reader.find('segments', { range: { field: 'id', gte }, limit: MOST });
      const kept = records.find(({ body }) => body['state'] === 'kept');
      if (kept) return (kept.body as SegmentRecord).month;
    }
    return undefined;
  }

  async function checkRecords(tenant: string, key: string, placed: readonly PlacedRecord[]): Promise<readonly Fault[]> {
    const faults: Fault[] = [];
    const opened = context.opened(tenant, copiesOf(placed, context.stored(tenant)));
    for (const { collection, record } of placed) {
      const name = `${collection}/${record.id}`;
      if (!(await context.isVouched(tenant, collection, record))) faults.push({ kind: 'unvouched', segment: key, record: name });
      try {
        await opened.get(collection, record.id);
      } catch {
        faults.push({ kind: 'unopened', segment: key, record: name });
      }
    }
    return faults;
  }

  /** Of every service in a segment: its postings, each with its current version. */
  function incomplete({ body }: Loaded<SegmentRecord>, placed: readonly PlacedRecord[]): readonly Fault[] {
    const names = new Set(placed.map(({ collection, record }) => `${collection}/${record.id}`));
    const wanted = body.services.map((id) => `services/${id}`);
    for (const { collection, record } of placed) {
      if (collection === 'services') wanted.push(...(record.body as ServiceRecord).postings.map((id) => `postings/${id}`));
      // A draft that was never submitted has no version.
      const version = collection === 'postings' ? Number(record.body['contentVersion']) : 0;
      if (version > 0) wanted.push(`postingVersions/${record.id}.${version}`);
    }
    return wanted.filter((name) => !names.has(name)).map((name) => ({ kind: 'incomplete', segment: body.key, record: name }));
  }

  async function checkSegment(
    actor: Actor,
    archive: Archive,
    segment: Loaded<SegmentRecord>,
  ): Promise<{ readonly records: number; readonly faults: readonly Fault[] }> {
    const { key, sha256, lockedUntil } = segment.body;
    const [bytes, stat] = await Promise.all([archive.get(key).catch(altered), archive.stat(key)]);
    if (bytes === undefined) return { records: 0, faults: [{ kind: 'missing', segment: key }] };
    const faults: Fault[] = [];
    // The lock of a civil day ends with that day, which in UTC is on it.
    if (stat?.retainUntil === undefined || stat.retainUntil.slice(0, 10) < lockedUntil) faults.push({ kind: 'unlocked', segment: key });
    if (bytes === ALTERED || sha256Hex(bytes) !== sha256) return { records: 0, faults: [...faults, { kind: 'altered', segment: key }] };
    const placed = readSegment(actor.tenant, bytes);
    if (placed === undefined) return { records: 0, faults: [...faults, { kind: 'unreadable', segment: key }] };
    faults.push(...(await checkRecords(actor.tenant, key, placed)), ...incomplete(segment, placed));
    return { records: placed.length, faults };
  }

  /** Objects among the segments that are on no record: another hand put them there, or an interruption left them. */
  async function unknown(archive: Archive, tenant: string, month: string, known: ReadonlySet<string>): Promise<readonly Fault[]> {
    const faults: Fault[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await archive.list(segmentPrefix(tenant, month), cursor === undefined ? {} : { cursor });
      for (const { key } of page.entries) if (!known.has(key)) faults.push({ kind: 'unknown', segment: key });
      cursor = page.cursor;
      if (cursor === undefined || faults.length >= MOST_FAULTS) return faults;
    }
  }

  return {
    async drillRetention(actor, input, options = {}) {
      context.permit(actor, 'retention.archive');
      const given = parse(input);
      const archive = archiveOf(context);
      const reader = context.stored(actor.tenant);
      const month = given.month ?? (await drawnMonth(reader));
      const all: Loaded<SegmentRecord>[] = [];
      for (let cursor: string | undefined; month !== undefined;) {
        const page = await reader.find('segments', { where: { month }, limit: 500, ...(cursor === undefined ? {} : { cursor }) });
        all.push(...listed<SegmentRecord>(page).items.filter(({ body }) => body.state === 'kept'));
        cursor = page.cursor;
        if (cursor === undefined) break;
      }
      if (month === undefined || all.length === 0) {
        throw new ComplianceError('ZP_NOT_FOUND', {
          detail: { zh: '该月没有归档段', en: 'Nothing is archived of that month' },
        });
      }
      const chosen = all.slice(0, MOST);
      const faults: Fault[] = [];
      let records = 0;
      for (const segment of chosen) {
        const found = await checkSegment(actor, archive, segment);
        records += found.records;
        faults.push(...found.faults);
      }
      const strays = await unknown(archive, actor.tenant, month, new Set(all.map(({ body }) => body.key)));
      const id = context.newId();
      return execute<undefined, Drill>({
        actor,
        ...idempotent(options),
        load: async () => undefined,
        decide(_state, at) {
          const result = {
            month,
            by: actor.id,
            at,
            // What an interruption left over is no fault of what is kept.
            ok: faults.length === 0,
            segments: chosen.length,
            services: chosen.reduce((sum, { body }) => sum + body.services.length, 0),
            records,
            sampled: all.length > MOST,
            faults: [...faults, ...strays].slice(0, MOST_FAULTS),
          };
          const body: DrillRecord = { tenant: actor.tenant, ...result };
          const { ok, segments, services, sampled } = result;
          const facts = { month, ok, segments, services, records, sampled, faults: faults.length, unknown: strays.length };
          const changes = [create('drills', id, body)];
          return {
            drafts: [{ kind: 'retention.drilled', subject: { collection: 'drills', id }, facts, changes }],
            result: { id, ...result },
          };
        },
      });
    },
    async listDrills(actor, page) {
      context.permit(actor, 'retention.read');
      const reader = context.reader(actor.tenant);
      return listed<DrillRecord>(await reader.find('drills', { range: { field: 'at', gt: '' }, order: 'desc', ...page }));
    },
  };
}
