import { createCalendar, createTestClock, isComplianceError, verifyEvidence } from '@zhengpin/core';
import type { Actor, Change, Store, TestClock } from '@zhengpin/core';
import { memoryStore } from '@zhengpin/storage-adapters/memory';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';

import { createPlatform, employer, officer, operator, posting } from './platform.ts';
import type { Platform } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const DAY = 86_400_000;
const calendar = createCalendar();
const second: Actor = { id: 'acct-officer-2', tenant: 'main', role: 'compliance-officer' };
const POSTINGS = 4;
/** Disposals seen, over all sequences: a model that never comes so far proves nothing. */
let reached = 0;

/** What may happen to a platform, in any order. `who` and `which` pick among what there is. */
type Step =
  | { readonly do: 'submit' | 'end' | 'settle' | 'tick' | 'plan' | 'agree' | 'be-sure' | 'crash' }
  | {
      readonly do: 'withdraw' | 'resubmit' | 'hold' | 'release' | 'approve' | 'apply' | 'complain' | 'settle-complaint';
      readonly which: number;
      readonly who: number;
    }
  | { readonly do: 'time'; readonly days: number }
  | { readonly do: 'confirm'; readonly who: number };

const index = fc.nat(9);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom(
      'submit' as const,
      'end' as const,
      'settle' as const,
      'tick' as const,
      'plan' as const,
      'agree' as const,
      'be-sure' as const,
      'crash' as const,
    ),
  }),
  fc.record({
    do: fc.constantFrom(
      'withdraw' as const,
      'resubmit' as const,
      'hold' as const,
      'release' as const,
      'approve' as const,
      'apply' as const,
      'complain' as const,
      'settle-complaint' as const,
    ),
    which: index,
    who: fc.nat(1),
  }),
  fc.record({ do: fc.constant('time' as const), days: fc.constantFrom(-1500, -1, 1, 20, 40, 400, 1095, 1096, 1097, 1100) }),
  fc.record({ do: fc.constant('confirm' as const), who: fc.nat(1) }),
);

/**
 * The way to a disposal, with anything between: by chance alone hardly a sequence would come so far. The day it comes to is
 * the last on which things are kept, or the day after.
 */
const sequence: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.constantFrom(1096, 1097), fc.array(fc.array(step, { maxLength: 2 }), { minLength: 14, maxLength: 14 }))
  .map(([days, between]) => {
    const way: readonly Step[] = [
      { do: 'submit' },
      { do: 'submit' },
      { do: 'tick' },
      { do: 'end' },
      { do: 'time', days },
      { do: 'be-sure' },
      { do: 'plan' },
      { do: 'agree' },
      { do: 'apply', which: 0, who: 0 },
      { do: 'time', days: 1 },
      { do: 'be-sure' },
      { do: 'plan' },
      { do: 'agree' },
      { do: 'apply', which: 0, who: 0 },
    ];
    return way.flatMap((one, i) => [...(between[i] ?? []), one]);
  });

/** A platform, and beside it what really happened: days count in real time, which the machine's clock need not show. */
interface World {
  readonly platform: Platform;
  readonly store: Store;
  readonly clock: TestClock;
  readonly postings: string[];
  readonly holds: string[];
  readonly plans: string[];
  /** Approvals as given, by plan. */
  readonly approvals: Map<string, Set<string>>;
  /** Persons that asked for the release of a hold, and scopes still held. */
  readonly held: Map<string, { readonly scope: string; readonly by: Set<string> }>;
  /** Whether the next disposal is cut off in its commit. */
  crash: boolean;
  /** The day each posting's service was last said to be complete; absent while it is open. */
  readonly completed: Map<string, string>;
  readonly disposed: Set<string>;
}

const APPROVERS = [officer, second] as const;

async function quietly(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    // A refusal changes nothing; anything else but the cut is a bug.
    if (isComplianceError(error) || (error instanceof Error && error.message === 'cut')) return false;
    throw error;
  }
}

/** Whatever is gone was due by the clock, had two approvals and no hold; and everything gone has a certificate. */
async function check(world: World): Promise<void> {
  const { store, clock, postings, disposed, plans, approvals, held } = world;
  for (const id of postings) {
    const certificate = await store.get('disposalCertificates', id);
    const there = await store.get('postings', id);
    expect(there === undefined, `${id} is gone exactly when certified`).toBe(certificate !== undefined);
    if (certificate === undefined || disposed.has(id)) continue;
    disposed.add(id);
    reached++;
    const { plan, completedOn, retainUntil } = certificate.body as { readonly [key: string]: string };
    expect(completedOn).toBe(world.completed.get(id));
    expect(retainUntil).toBe(calendar.addMonths(completedOn ?? '', 36));
    expect(calendar.today(clock.now()) > (retainUntil ?? '')).toBe(true);
    expect(plans).toContain(plan);
    expect([...(approvals.get(plan ?? '') ?? [])].toSorted()).toEqual([officer.id, second.id].toSorted());
    const standing = [...held.values()].map(({ scope }) => scope);
    expect(standing).not.toContain('all');
    expect(standing).not.toContain('organisation.org-firm');
    expect(standing).not.toContain(`posting.${id}`);
  }
}

/** The completions as they stand, for {@link check} to hold the next disposal against. */
async function note(world: World): Promise<void> {
  for (const id of world.postings) {
    const service = await world.store.get('services', id);
    const completedOn = service?.body['completedOn'];
    if (typeof completedOn === 'string') world.completed.set(id, completedOn);
    else if (service) world.completed.delete(id);
  }
}

function pick<T>(list: readonly T[], which: number): T | undefined {
  return list.length === 0 ? undefined : list[which % list.length];
}

async function take(world: World, one: Step): Promise<void> {
  const { compliance } = world.platform;
  const validThrough = calendar.addDays(calendar.today(world.clock.now()), 60);
  switch (one.do) {
    case 'submit': {
      if (world.postings.length === POSTINGS) return;
      await quietly(
        compliance
          .submitPosting(employer, posting({ headcount: world.postings.length + 1, validity: { validThrough } }))
          .then(({ id }) => world.postings.push(id)),
      );
      return;
    }
    case 'withdraw':
    case 'resubmit': {
      const id = pick(world.postings, one.which);
      if (id === undefined) return;
      await quietly(
        one.do === 'withdraw'
          ? compliance.withdrawPosting(employer, id)
          : compliance.submitPosting(employer, posting({ headcount: 1 + one.which, validity: { validThrough } }), { id }),
      );
      return;
    }
    case 'complain':
    case 'settle-complaint': {
      const id = pick(world.postings, one.which);
      if (id !== undefined)
        await quietly(
          compliance.recordPart(operator, id, { kind: 'complaint', ref: 'c-1', state: one.do === 'complain' ? 'open' : 'ended' }),
        );
      return;
    }
    // What people do together on a good day: without it hardly any sequence comes as far as a disposal.
    case 'end':
      for (const id of world.postings) await quietly(compliance.withdrawPosting(employer, id));
      await quietly(compliance.settleServices(operator));
      return;
    case 'be-sure': {
      const today = { today: calendar.today(world.clock.now()), reference: 'CLOCK-2' };
      for (const by of APPROVERS) await quietly(compliance.confirmTime(by, today));
      return;
    }
    case 'agree': {
      const id = world.plans.at(-1);
      for (const by of APPROVERS)
        if (id !== undefined && (await quietly(compliance.approveDisposal(by, id))))
          world.approvals.set(id, (world.approvals.get(id) ?? new Set()).add(by.id));
      return;
    }
    case 'settle':
      await quietly(compliance.settleServices(operator));
      return;
    case 'tick':
      await quietly(compliance.tickRetention(operator));
      return;
    case 'time':
      world.clock.advance(one.days * DAY);
      return;
    case 'confirm':
      await quietly(
        compliance.confirmTime(APPROVERS[one.who] ?? officer, { today: calendar.today(world.clock.now()), reference: 'CLOCK-1' }),
      );
      return;
    case 'hold': {
      const scope = pick(['all', 'organisation.org-firm', ...world.postings.map((id) => `posting.${id}`)], one.which) ?? 'all';
      await quietly(
        compliance.setHold(officer, { kind: 'legal', scope, reference: 'CASE-1' }).then(({ id }) => {
          world.held.set(id, { scope, by: new Set() });
          return world.holds.push(id);
        }),
      );
      return;
    }
    case 'release': {
      const id = pick(world.holds, one.which);
      const by = APPROVERS[one.who] ?? officer;
      if (id === undefined || !(await quietly(compliance.releaseHold(by, id, { reference: 'CASE-1' })))) return;
      world.held.get(id)?.by.add(by.id);
      if (world.held.get(id)?.by.size === 2) world.held.delete(id);
      return;
    }
    case 'plan':
      await quietly(compliance.planDisposal(operator, { record: true }).then(({ id = '' }) => world.plans.push(id)));
      return;
    case 'approve': {
      const id = pick(world.plans, one.which);
      const by = APPROVERS[one.who] ?? officer;
      if (id !== undefined && (await quietly(compliance.approveDisposal(by, id))))
        world.approvals.set(id, (world.approvals.get(id) ?? new Set()).add(by.id));
      return;
    }
    case 'crash':
      world.crash = true;
      return;
    case 'apply': {
      const id = pick(world.plans.toReversed(), one.which % 2);
      if (id !== undefined) await quietly(compliance.applyDisposal(operator, id));
      world.crash = false;
    }
  }
}

async function createWorld(): Promise<World> {
  const clock = createTestClock('2026-11-25T02:00:00.000Z');
  const inner = memoryStore();
  const world: { crash: boolean } = { crash: false };
  const store: Store = {
    ...inner,
    commit: (changes: readonly Change[]) =>
      world.crash && changes.some(({ collection }) => collection === 'disposalCertificates')
        ? Promise.reject(new Error('cut'))
        : inner.commit(changes),
  };
  const platform = await createPlatform(store, clock);
  return Object.assign(world, {
    platform,
    store,
    clock,
    postings: [],
    holds: [],
    plans: [],
    approvals: new Map<string, Set<string>>(),
    held: new Map<string, { readonly scope: string; readonly by: Set<string> }>(),
    completed: new Map<string, string>(),
    disposed: new Set<string>(),
  });
}

/** Everybody does their work at last: whatever there is can be disposed of. */
async function finish(world: World): Promise<void> {
  const { compliance } = world.platform;
  world.crash = false;
  for (const id of world.holds) for (const by of APPROVERS) await quietly(compliance.releaseHold(by, id, { reference: 'CASE-1' }));
  world.held.clear();
  world.clock.set('2060-01-01T02:00:00.000Z');
  for (let round = 0; round < 3; round++) {
    for (const id of world.postings) {
      await quietly(compliance.recordPart(operator, id, { kind: 'complaint', ref: 'c-1', state: 'ended' }));
      await quietly(compliance.withdrawPosting(employer, id));
      await quietly(compliance.closePosting(employer, id));
    }
    await compliance.settleServices(operator);
    await note(world);
    world.clock.advance(1200 * DAY);
    const today = { today: calendar.today(world.clock.now()), reference: 'CLOCK-9' };
    for (const by of APPROVERS) await quietly(compliance.confirmTime(by, today));
    const { id = '' } = await compliance.planDisposal(operator, { record: true });
    world.plans.push(id);
    for (const by of APPROVERS) await compliance.approveDisposal(by, id);
    world.approvals.set(id, new Set(APPROVERS.map((by) => by.id)));
    await compliance.applyDisposal(operator, id);
    await check(world);
  }
}

describe('no sequence of operations, clock moves and crashes', () => {
  it(
    'disposes of what is held, not due or not approved, nor keeps anything from ever being disposed of',
    { timeout: 240_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(sequence, async (steps) => {
          const world = await createWorld();
          for (const one of steps) {
            await note(world);
            await take(world, one);
            await check(world);
          }
          const amid = reached;
          await finish(world);
          reached = amid;
          for (const id of world.postings) expect(await world.store.get('postings', id), id).toBeUndefined();
          const report = await verifyEvidence(world.store, { vkey: world.platform.compliance.evidence.vkey, tenant: 'main' });
          expect(report.ok).toBe(true);
          await world.platform.compliance.close();
        }),
        { numRuns: 60 },
      );
      expect(reached).toBeGreaterThan(20);
    },
  );
});
