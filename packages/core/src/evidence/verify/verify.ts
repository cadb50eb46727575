import { ComplianceError } from '../../kernel/errors.ts';
import type { Store } from '../../kernel/store.ts';
import { readLosses } from '../loss.ts';
import { isWitnessKey } from '../cosignature.ts';
import { verifyTenant } from './entries.ts';
import { readHead } from './heads.ts';
import { compareKept, keptByTenant } from './kept.ts';
import { readable } from './reading.ts';
import { verifyRecords } from './records.ts';
import type { TenantReport, VerifyOptions, VerifyReport } from './report.ts';
import { emptyState } from './state.ts';
import type { Shared, TenantState } from './state.ts';
import { tenantOfNote, tenantsOf } from './tenants.ts';
import { verifyWaiting } from './waiting.ts';

export type { Fault, FaultKind, KeptCheckpoint, TenantReport, VerifyOptions, VerifyReport } from './report.ts';

const OPTIONS: readonly string[] = ['tenant', 'vkey', 'against', 'witnesses', 'onProgress'];
const VKEY = /^[^\s+]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/;

/** A misspelt option would leave out the very check it asks for. */
function checkOptions(options: VerifyOptions): void {
  const { vkey, against, witnesses = [] } = options;
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key));
  const badWitness = !witnesses.every(isWitnessKey) || (witnesses.length > 0 && !Array.isArray(against));
  const wrong = unknown ?? (vkey !== undefined && !VKEY.test(vkey) ? 'vkey' : badWitness ? 'witnesses' : undefined);
  if (wrong === undefined) return;
  throw new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `选项无效：${wrong}`, en: `not a valid option: ${wrong}` } });
}

/** Adds up the pages of all tenants; the total follows logs that grow meanwhile. */
async function createProgress(store: Store, tenants: readonly string[], onProgress: VerifyOptions['onProgress']) {
  const expected = new Map<string, number>();
  for (const tenant of tenants) expected.set(tenant, (await readHead(store, tenant)).size);
  let done = 0;
  return (tenant: string) =>
    (rows: number, size: number): void => {
      done += rows;
      expected.set(tenant, size);
      onProgress?.(
        done,
        Math.max(
          done,
          [...expected.values()].reduce((sum, n) => sum + n, 0),
        ),
      );
    };
}

function reportOf(state: TenantState, vkey: string | undefined): TenantReport {
  const faults = state.faults.list();
  return {
    tenant: state.tenant,
    size: state.size,
    checkpointsChecked: state.checked,
    checkpointsUnproven: state.unproven,
    recordsChecked: state.records,
    recordsUnproven: state.unprovenRecords,
    waiting: state.waiting,
    keptChecked: state.kept,
    vkey: vkey ?? state.vkey ?? '',
    vkeySource: vkey === undefined ? state.vkeySource : 'given',
    ok: faults.length === 0,
    faults,
    more: state.faults.more(),
  };
}

/**
 * Checks the evidence log and every record against it (证据校验), from the stored rows alone: entries, tree nodes, signed
 * checkpoints, heads, and the commitments of entries to records. Reads in pages, in constant memory, and may run while
 * others write. What it cannot see: a log cut back to an older signed state together with its records (pass `against`),
 * and a log signed anew with another key (pass `vkey`).
 *
 * @param options.against signed checkpoints kept outside the store; each speaks about the tenant its origin names.
 * @returns faults by tenant; `ok` only when there is none and every tenant with records has a signed head.
 * @throws ZP_OPTION_INVALID for an unknown option or a malformed key; ZP_STORE_UNAVAILABLE when the store cannot be read.
 */
export async function verifyEvidence(store: Store, options: VerifyOptions = {}): Promise<VerifyReport> {
  checkOptions(options);
  const { tenant: only, vkey, witnesses = [], onProgress } = options;
  const [against, given] = typeof options.against === 'string' ? [options.against, []] : [undefined, options.against ?? []];
  // What the platform itself found to be gone and nobody has declared: as good as kept outside, with no witness to it.
  const known = witnesses.length > 0 ? [] : ((await readable(store, () => readLosses(store)))?.value ?? []);
  const lost = known.filter(({ tenant }) => only === undefined || tenant === only);
  const kept = [...given, ...lost.map(({ note, at }) => ({ note, keptAt: at }))];
  const keptBy = keptByTenant(kept, only);
  const shared: Shared = { store, flagged: new Set(), unreadable: new Map() };
  const found = only === undefined ? await tenantsOf(store) : { tenants: [only], faults: [] };
  const about = against === undefined ? undefined : tenantOfNote(against);
  const tenants = new Set(found.tenants);
  // A note about a log that is gone without a trace, or about none at all, must not pass in silence.
  if (about !== undefined && !tenants.has(about)) tenants.add(only ?? about);

  for (const tenant of keptBy.keys()) tenants.add(tenant);
  const states = new Map<string, TenantState>();
  const stateOf = (tenant: string): TenantState => {
    const state = states.get(tenant) ?? emptyState(tenant);
    states.set(tenant, state);
    return state;
  };
  const progress = await createProgress(store, [...tenants], onProgress);
  for (const tenant of tenants) {
    const mine = tenant === about || tenant === only ? against : undefined;
    const state = await verifyTenant(shared, tenant, { vkey, against: mine }, progress(tenant));
    states.set(tenant, state);
    const notes = keptBy.get(tenant);
    if (notes !== undefined) await compareKept(store, state, notes, { vkey, witnesses });
  }
  for (const fault of found.faults) stateOf('').faults.add(fault);
  await verifyWaiting(shared, only, stateOf);
  await verifyRecords(shared, only, stateOf);

  const reports = [...states.values()].map((state) => reportOf(state, vkey));
  return { ok: reports.every((report) => report.ok), tenants: reports };
}
