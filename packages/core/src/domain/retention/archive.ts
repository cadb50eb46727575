import { isComplianceError, ComplianceError } from '../../kernel/errors.ts';
import type { Archive } from '../../kernel/archive.ts';
import type { Draft, Reader } from '../../kernel/execute.ts';
import type { Actor } from '../../kernel/identity.ts';
import { create, load, replace } from '../../kernel/records.ts';
import type { Loaded, PlacedRecord } from '../../kernel/records.ts';
import type { RetentionContext } from './context.ts';
import { periodFor, retainUntil } from './periods.ts';
import type { Period } from './periods.ts';
import type { SegmentRecord, ServiceRecord } from './records.ts';
import { writeSegment } from './segments.ts';
import type { Segment } from './segments.ts';
import { assertTrusted, loadGate, timeAnomalies } from './time.ts';

/** What one turn of archiving did (归档结果). */
export type Archived = {
  /** Segments written, and services in them. */
  readonly segments: number;
  readonly services: number;
  /** Segments whose lock was lengthened. */
  readonly extended: number;
  /** Segments of which nothing is kept any more, removed from the archive. */
  readonly removed: number;
  /** Whether there was more than one turn takes. */
  readonly more: boolean;
};

/** Copies of what is retained, out of reach (归档). */
export interface ArchiveCommands {
  /**
   * Write what is new to the archive, lengthen locks that are to last longer, and remove segments of which everything was
   * disposed of. A service is copied when it is opened, under a short lock that is renewed while it lasts, and again when it
   * is complete: from then on each copy is locked to the last day of its period. Call it every day.
   * @throws ZP_STATE without an archive; ZP_RETENTION_PAUSED while the time is not to be believed: a lock cannot be shortened
   * @source Order 44 Art. 26
   */
  archiveRetained(actor: Actor): Promise<Archived>;
}

/** The lock of what has no last day yet, in days, and how long before its end a lock is looked at. */
const SHORT_DAYS = 90;
const AHEAD_DAYS = 30;
/** Services of one segment, segments of one turn. */
const TOGETHER = 100;
const TURNS = 50;

/** @throws ZP_STATE */
export function archiveOf({ archive }: RetentionContext): Archive {
  if (archive) return archive;
  throw new ComplianceError('ZP_STATE', { detail: { zh: '未配置归档', en: 'No archive is configured' } });
}

export function createArchiving(context: RetentionContext): ArchiveCommands {
  const { execute, calendar } = context;

  /** Everything kept of a service, as it is stored. */
  async function recordsOf(reader: Reader, service: Loaded<ServiceRecord>): Promise<readonly PlacedRecord[]> {
    const { id, version, body } = service;
    const placed: PlacedRecord[] = [{ collection: 'services', record: { id, version, body } }];
    for (let cursor: string | undefined; ;) {
      const page = await reader.find('serviceParts', { where: { service: id }, limit: 500, ...(cursor === undefined ? {} : { cursor }) });
      for (const record of page.records) placed.push({ collection: 'serviceParts', record });
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    for (const posting of body.postings) placed.push(...(await context.postings.records(reader, posting)));
    return placed;
  }

  /** Until which day a copy of these is kept: the longest of theirs; undefined once nothing of it is. */
  function lockOf(services: readonly (ServiceRecord | undefined)[], period: Period, today: string): string | undefined {
    const short = calendar.addDays(today, SHORT_DAYS);
    const days = services.flatMap((body) => {
      if (body === undefined) return [];
      const until = body.completedOn === undefined ? short : retainUntil(calendar, body.completedOn, period);
      // Held, or not disposed of yet: kept all the same.
      return [until > short ? until : short];
    });
    return days.toSorted().at(-1);
  }

  interface Batch {
    readonly services: readonly Loaded<ServiceRecord>[];
    readonly lockedUntil: string;
  }

  /** Services not archived as they are now, of one kind of lock. */
  async function nextBatches(reader: Reader, period: Period, today: string): Promise<readonly Batch[]> {
    const page = await reader.find('services', { where: { archive: 'due' }, limit: TOGETHER });
    const byDay = new Map<string, Loaded<ServiceRecord>[]>();
    for (const { id, version, body } of page.records) {
      const service = { id, version, body: body as ServiceRecord };
      const day = service.body.completedOn ?? '';
      byDay.set(day, [...(byDay.get(day) ?? []), service]);
    }
    return [...byDay.values()].map((services) => ({
      services,
      lockedUntil:
        lockOf(
          services.map(({ body }) => body),
          period,
          today,
        ) ?? today,
    }));
  }

  async function write(actor: Actor, archive: Archive, reader: Reader, batch: Batch, month: string): Promise<number> {
    const records: PlacedRecord[] = [];
    for (const service of batch.services) records.push(...(await recordsOf(reader, service)));
    const segment = writeSegment(actor.tenant, month, records);
    const { lockedUntil } = batch;
    await archive.put(segment.key, segment.bytes, { retainUntil: lockedUntil });
    const earlier = await lengthen(archive, reader, batch);
    return register(actor, batch, segment, month, earlier);
  }

  /** Earlier copies of what is complete by now: locked as long as the new one. */
  async function lengthen(archive: Archive, reader: Reader, { services, lockedUntil }: Batch): Promise<readonly Loaded<SegmentRecord>[]> {
    const earlier: Loaded<SegmentRecord>[] = [];
    for (const id of new Set(services.flatMap(({ body }) => (body.completedOn === undefined ? [] : body.segments)))) {
      const segment = await load<SegmentRecord>(reader, 'segments', id);
      if (segment === undefined || segment.body.state === 'removed' || segment.body.lockedUntil >= lockedUntil) continue;
      await archive.extend(segment.body.key, lockedUntil);
      earlier.push(segment);
    }
    return earlier;
  }

  /** The segment on record, and its services as archived unless they have changed meanwhile: those are due again. */
  async function register(
    actor: Actor,
    { services, lockedUntil }: Batch,
    { id, key, sha256, bytes }: Segment,
    month: string,
    earlier: readonly Loaded<SegmentRecord>[],
  ): Promise<number> {
    interface State {
      readonly segment: Loaded<SegmentRecord> | undefined;
      readonly now: readonly (Loaded<ServiceRecord> | undefined)[];
      readonly earlier: readonly (Loaded<SegmentRecord> | undefined)[];
    }
    const { extended } = await execute<State, { readonly extended: number }>({
      actor,
      async load(reader) {
        const [segment, now, before] = await Promise.all([
          load<SegmentRecord>(reader, 'segments', id),
          Promise.all(services.map((one) => load<ServiceRecord>(reader, 'services', one.id))),
          Promise.all(earlier.map((one) => load<SegmentRecord>(reader, 'segments', one.id))),
        ]);
        return { segment, now, earlier: before };
      },
      decide(state, at) {
        const ids = services.map((one) => one.id);
        const body: SegmentRecord = {
          tenant: actor.tenant,
          key,
          sha256,
          bytes: bytes.length,
          month,
          services: ids,
          lockedUntil,
          state: 'kept',
          at,
        };
        const changes = [state.segment ? replace('segments', state.segment, body) : create('segments', id, body)];
        for (const [i, service] of state.now.entries()) {
          if (service === undefined) continue;
          const isSame = service.version === services[i]?.version;
          const segments = service.body.segments.includes(id) ? service.body.segments : [...service.body.segments, id];
          changes.push(replace('services', service, { ...service.body, archive: isSame ? 'kept' : 'due', segments }));
        }
        const longer = state.earlier.filter((one) => one !== undefined && one.body.lockedUntil < lockedUntil);
        for (const one of longer) if (one && one.id !== id) changes.push(replace('segments', one, { ...one.body, lockedUntil }));
        const facts = { key, sha256, services: ids.length, lockedUntil, extended: longer.length };
        return {
          drafts: [{ kind: 'retention.archived', subject: { collection: 'segments', id }, facts, changes }],
          result: { extended: longer.length },
        };
      },
    });
    return extended;
  }

  type Fate = 'extended' | 'removed' | 'as-it-was';

  /** Lengthen the lock of a segment that ends soon, or take the segment away when nothing of it is kept any more. */
  async function renew(actor: Actor, archive: Archive, period: Period, today: string, segment: Loaded<SegmentRecord>): Promise<Fate> {
    const reader = context.stored(actor.tenant);
    const members = await Promise.all(segment.body.services.map((id) => load<ServiceRecord>(reader, 'services', id)));
    const until = lockOf(
      members.map((member) => member?.body),
      period,
      today,
    );
    if (until === undefined) return segment.body.lockedUntil < today ? take(actor, archive, segment) : 'as-it-was';
    if (until <= segment.body.lockedUntil) return 'as-it-was';
    await archive.extend(segment.body.key, until);
    await change(actor, segment.id, 'retention.lock-extended', (body) => ({
      ...body,
      lockedUntil: until > body.lockedUntil ? until : body.lockedUntil,
    }));
    return 'extended';
  }

  async function take(actor: Actor, archive: Archive, segment: Loaded<SegmentRecord>): Promise<Fate> {
    try {
      await archive.remove(segment.body.key, new Date(context.now()).toISOString());
    } catch (error) {
      // The storage keeps it by its own clock, or under a hold of its own: another day. Gone already: on record now.
      if (isComplianceError(error) && error.code === 'ZP_STATE') return 'as-it-was';
      if (!isComplianceError(error) || error.code !== 'ZP_NOT_FOUND') throw error;
    }
    await change(actor, segment.id, 'retention.segment-removed', (body) => ({ ...body, state: 'removed' }));
    return 'removed';
  }

  async function change(actor: Actor, id: string, kind: string, next: (body: SegmentRecord) => SegmentRecord): Promise<void> {
    await execute<Loaded<SegmentRecord> | undefined, Record<string, never>>({
      actor,
      load: (reader) => load<SegmentRecord>(reader, 'segments', id),
      decide(segment) {
        if (segment === undefined) return { drafts: [], result: {} };
        const body = next(segment.body);
        const facts = { key: body.key, lockedUntil: body.lockedUntil, services: body.services.length };
        const draft: Draft = { kind, subject: { collection: 'segments', id }, facts, changes: [replace('segments', segment, body)] };
        return { drafts: [draft], result: {} };
      },
    });
  }

  return {
    async archiveRetained(actor) {
      context.permit(actor, 'retention.archive');
      const archive = archiveOf(context);
      const reader = context.stored(actor.tenant);
      const gate = await loadGate(reader, actor.tenant);
      assertTrusted(await timeAnomalies(context, reader, actor.tenant, gate?.body));
      const period = await periodFor(context, reader, actor.tenant, gate?.body);
      const today = calendar.today(context.now());
      const done = { segments: 0, services: 0, extended: 0, removed: 0 };
      const isFull = (): boolean => done.segments + done.extended + done.removed >= TURNS;

      for (let batches = await nextBatches(reader, period, today); batches.length > 0;) {
        for (const batch of batches) {
          done.extended += await write(actor, archive, reader, batch, today.slice(0, 7));
          done.segments++;
          done.services += batch.services.length;
        }
        if (isFull()) return { ...done, more: true };
        batches = await nextBatches(reader, period, today);
      }
      // Those looked at and left as they were do not fill a turn.
      for (let cursor: string | undefined; ;) {
        const page = await reader.find('segments', {
          where: { state: 'kept' },
          range: { field: 'lockedUntil', lte: calendar.addDays(today, AHEAD_DAYS) },
          limit: TOGETHER,
          ...(cursor === undefined ? {} : { cursor }),
        });
        for (const { id, version, body } of page.records) {
          const fate = await renew(actor, archive, period, today, { id, version, body: body as SegmentRecord });
          if (fate !== 'as-it-was') done[fate]++;
          if (isFull()) return { ...done, more: true };
        }
        cursor = page.cursor;
        if (cursor === undefined) return { ...done, more: false };
      }
    },
  };
}
