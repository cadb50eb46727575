import { isComplianceError } from '../../kernel/errors.ts';
import type { Store } from '../../kernel/store.ts';
import { openCosignature } from '../cosignature.ts';
import { rowId, storedNodes } from '../stored.ts';
import { same, subtreeRoot } from '../merkle.ts';
import type { NodeLookup } from '../merkle.ts';
import { openRow } from './extent.ts';
import type { Signed } from './extent.ts';
import { at } from './faults.ts';
import { readHead } from './heads.ts';
import { readable } from './reading.ts';
import type { Fault, KeptCheckpoint } from './report.ts';
import type { TenantState } from './state.ts';
import { tenantOfNote } from './tenants.ts';
import { isObject } from './values.ts';

/** A checkpoint kept outside, opened. */
interface Kept extends Signed {
  /** When it was outside at the latest, in ms; undefined when nobody says. */
  readonly outsideMs: number | undefined;
}

/** What is trusted besides the store. */
interface KeptTrust {
  readonly vkey: string | undefined;
  readonly witnesses: readonly string[];
}

/** Clocks of two machines, and a time in whole seconds. */
const SKEW_MS = 2000;
/** Entries looked through for the first that was written after a roll-back. */
const MOST_LOOKED = 200_000;
/** Nodes remembered while sizes go upwards: those of one way down the tree, and some of the last. */
const MOST_NODES = 512;

/** Checkpoints by the tenant their origin names. @param only leave out those of others */
export function keptByTenant(kept: readonly KeptCheckpoint[], only: string | undefined): Map<string, readonly KeptCheckpoint[]> {
  const by = Map.groupBy(kept, ({ note }) => tenantOfNote(note));
  if (only === undefined) return by;
  // A folder that holds none of this log must not pass in silence.
  return new Map(kept.length === 0 ? [] : [[only, by.get(only) ?? []]]);
}

function remembering(nodes: NodeLookup): NodeLookup {
  const known = new Map<string, ReturnType<NodeLookup>>();
  return (level, index) => {
    const key = `${level}/${index}`;
    const found = known.get(key) ?? nodes(level, index);
    known.delete(key);
    known.set(key, found);
    const oldest = known.size > MOST_NODES ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    return found;
  };
}

/** Open what was kept; what cannot be believed is reported, or passed over where a change of keys explains it. */
async function openAll(store: Store, state: TenantState, kept: readonly KeptCheckpoint[], trust: KeptTrust): Promise<readonly Kept[]> {
  const { tenant, faults } = state;
  const { vkeys } = await readHead(store, tenant);
  const trusted = trust.vkey === undefined ? vkeys : [trust.vkey];
  const found: Kept[] = [];
  let unwitnessed = 0;
  let foreign = 0;
  for (const { note, keptAt } of kept) {
    const times = trust.witnesses.map((vkey) => openCosignature(note, vkey)?.time);
    if (times.includes(undefined)) {
      unwitnessed++;
      continue;
    }
    const signed = openRow(tenant, { note }, trusted);
    if (signed === undefined) {
      // Signed before the given key was in use, by one the log names.
      if (openRow(tenant, { note }, vkeys) === undefined) foreign++;
      continue;
    }
    const seconds = times.filter((time) => time !== undefined);
    const ms = seconds.length > 0 ? Math.min(...seconds) * 1000 : Date.parse(keptAt ?? '');
    found.push({ ...signed, outsideMs: Number.isNaN(ms) ? undefined : ms });
  }
  const invalid = (zh: string, en: string): void => faults.add({ kind: 'checkpoint-invalid', detail: { zh, en } });
  if (foreign > 0) {
    invalid(
      `库外保存的检查点中有 ${foreign} 个不是用本日志的密钥签名的`,
      `${foreign} checkpoint(s) kept outside are not signed by the key of this log`,
    );
  } else if (found.length === 0) {
    invalid(
      `库外保存的检查点中没有可用于本日志的${unwitnessed > 0 ? `（${unwitnessed} 个无见证签名）` : ''}`,
      `None of the checkpoints kept outside speaks for this log${unwitnessed > 0 ? ` (${unwitnessed} without the witness’s signature)` : ''}`,
    );
  }
  return found.sort((a, b) => a.size - b.size);
}

/** The first entry of a stretch that was decided after a moment by which the log had been longer: written since. */
async function firstSince(store: Store, tenant: string, from: number, to: number, sinceMs: number): Promise<number | undefined> {
  for (let seq = from; seq < Math.min(to, from + MOST_LOOKED); seq++) {
    const row = (await readable(store, () => store.get('evidence', rowId(tenant, seq))))?.value;
    const entry = row?.body['entry'];
    if (isObject(entry) && typeof entry['at'] === 'string' && Date.parse(entry['at']) > sinceMs + SKEW_MS) return seq;
  }
  return undefined;
}

function rolledBack(tenant: string, seq: number, kept: number): Fault {
  return {
    kind: 'rolled-back',
    ...at(tenant, seq),
    detail: {
      zh: `日志曾有 ${kept} 条且其检查点已在库外，而条目 ${seq} 是此后写下的：日志退回到至多 ${seq} 条后继续写入（如切换到落后的副本或恢复旧备份）`,
      en: `The log had ${kept} entries and their checkpoint was outside before entry ${seq} was written: it went back to at most ${seq} entries and was written on from there, as after a fail-over to a copy that lagged or a restored backup`,
    },
  };
}

function truncated(tenant: string, size: number, kept: number): Fault {
  return {
    kind: 'truncated',
    ...at(tenant, size),
    detail: {
      zh: `日志止于 ${size} 条，而库外保存的检查点有 ${kept} 条：缺 ${kept - size} 条`,
      en: `The log ends after ${size} entries while a checkpoint kept outside has ${kept}: ${kept - size} missing`,
    },
  };
}

function differs(tenant: string, agreed: number, kept: number, isWhole: boolean): Fault {
  if (agreed === 0 && isWhole) {
    return {
      kind: 'rewritten',
      detail: {
        zh: `没有一个库外保存的检查点与日志相符（最小的为 ${kept} 条），而库内的签名彼此相符：日志被持有签名密钥者重写`,
        en: `No checkpoint kept outside agrees with the log (the smallest has ${kept} entries) although signatures inside agree: rewritten by a holder of the key`,
      },
    };
  }
  return {
    kind: 'forked',
    ...at(tenant, agreed),
    detail: {
      zh: `库外最后相符的检查点为 ${agreed} 条，首个不符的为 ${kept} 条：分叉在条目 ${agreed} 至 ${kept - 1} 之间`,
      en: `The last checkpoint kept outside that agrees has ${agreed} entries, the first that does not ${kept}: the fork is in entries ${agreed} to ${kept - 1}`,
    },
  };
}

/**
 * The log of a tenant against every checkpoint kept outside (对照外存检查点): names where it leaves them, and whether it was
 * cut, rolled back and written on from, forked, or made anew. Compares the tree as it is stored, which pass 1 recomputed.
 */
export async function compareKept(store: Store, state: TenantState, kept: readonly KeptCheckpoint[], trust: KeptTrust): Promise<void> {
  const { tenant, faults } = state;
  const isWhole = faults.list().length === 0;
  const checkpoints = await openAll(store, state, kept, trust);
  const { size } = await readHead(store, tenant);
  const nodes = remembering(storedNodes(store, tenant));
  let agreed = 0;
  let first: Kept | undefined;
  for (const checkpoint of checkpoints) {
    if (checkpoint.size > size) {
      first ??= checkpoint;
      break;
    }
    try {
      if (same(await subtreeRoot(nodes, 0, checkpoint.size), checkpoint.root)) {
        state.kept++;
        // What agrees after something that does not: the operator signed two histories.
        if (first === undefined) agreed = checkpoint.size;
      } else first ??= checkpoint;
    } catch (error) {
      // A node that is gone was reported with its row.
      if (!isComplianceError(error) || isWhole) throw error;
    }
  }
  if (first === undefined) return;
  const since =
    first.outsideMs === undefined ? undefined : await firstSince(store, tenant, agreed, Math.min(first.size, size), first.outsideMs);
  if (since !== undefined) faults.add(rolledBack(tenant, since, first.size));
  else if (first.size > size) faults.add(truncated(tenant, size, checkpoints.at(-1)?.size ?? first.size));
  else faults.add(differs(tenant, agreed, first.size, isWhole));
}
