import type { Calendar } from '../../kernel/calendar.ts';
import type { Execute, Idempotency, Reader } from '../../kernel/execute.ts';
import type { Json } from '../../kernel/store.ts';
import type { ContextFlag } from '../../screening/contexts.ts';
import type { ScreenInput, ScreenResult } from '../../screening/types.ts';
import type { DecisionRecord, ReasonRecord, Verdict } from './records.ts';
import type { SecondOpinion } from './second-opinion.ts';

/** What the commands of posting review work with. */
export interface ReviewContext {
  readonly execute: Execute;
  reader(tenant: string): Reader;
  readonly calendar: Calendar;
  screen(input: ScreenInput, flags: readonly ContextFlag[]): ScreenResult;
  /** Reference of the pack in force, and the listed exceptions of its rules. */
  readonly pack: { readonly reference: string; exceptionsOf(rule: string): readonly string[] };
  /** Asked about every submission when there is one. */
  readonly secondOpinion?: SecondOpinion;
  newId(): string;
  /** Unguessable, for hashes that stand in evidence. */
  newSalt(): string;
}

/** How a command may be retried and which version it was decided on. */
export interface CommandOptions {
  readonly idempotency?: Idempotency;
  /** Version of the record the caller has seen (If-Match). */
  readonly expectedVersion?: number;
}

export function idempotent(options: CommandOptions): { readonly idempotency?: Idempotency } {
  return options.idempotency ? { idempotency: options.idempotency } : {};
}

const HOW = {
  zh: '可对本决定申诉一次，由另一名审查人员处理',
  en: 'This decision can be appealed once; another reviewer decides the appeal',
};
const FINAL = {
  zh: '本决定不可在平台内申诉；可向人力资源社会保障行政部门投诉（12333）',
  en: 'No appeal inside the platform; complain to the HRSS authority (12333)',
};

/** Verdicts that hurt whoever they are about, and so can be appealed. */
const ADVERSE: readonly Verdict[] = ['block', 'return', 'reject', 'suspend', 'revoke'];

/** A decision with its statement of reasons. @source Order 44 Art. 17; promise: every refusal says why and how to appeal */
export function decision(
  fields: Pick<
    DecisionRecord,
    'tenant' | 'subject' | 'collection' | 'organisation' | 'contentHash' | 'verdict' | 'automated' | 'by' | 'at'
  > & {
    readonly pack?: string;
    readonly outcome?: DecisionRecord['outcome'];
    readonly reasons?: readonly ReasonRecord[];
    readonly clearances?: DecisionRecord['clearances'];
    readonly checklist?: DecisionRecord['checklist'];
    readonly materials?: DecisionRecord['materials'];
    readonly secondOpinion?: DecisionRecord['secondOpinion'];
  },
): DecisionRecord {
  const { pack, outcome, reasons, clearances, checklist, materials, secondOpinion, ...rest } = fields;
  const possible = ADVERSE.includes(rest.verdict);
  return {
    ...rest,
    pack: pack ?? null,
    outcome: outcome ?? null,
    reasons: reasons ?? [],
    appeal: { possible, how: possible ? HOW : FINAL },
    ...(clearances ? { clearances } : {}),
    ...(checklist ? { checklist } : {}),
    ...(materials ? { materials } : {}),
    ...(secondOpinion ? { secondOpinion } : {}),
  };
}

/** What the evidence entry says of a decision: codes and hashes only. */
export function decisionFacts(id: string, made: DecisionRecord): { readonly [key: string]: Json } {
  const { verdict, automated, contentHash, outcome, pack } = made;
  return { decision: id, verdict, automated, contentHash, outcome, pack, reasons: made.reasons.map((r) => r.rule ?? r.reason) };
}
