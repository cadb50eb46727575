import { canonical, sha256Hex } from '../../kernel/canonical.ts';
import type { ReconciliationInput } from '../../rules/fee-schemas.ts';
import type { ScreenResult } from '../../screening/types.ts';
import type { DeskContext } from '../../rules/permissions.ts';

/** What the duties about fees work with. */
export interface FeesContext extends DeskContext {
  /** What the screening engine says of a text, by the national pack. */
  screen(text: string): ScreenResult;
  /** Whether the operator is a commercial or a public agency. */
  agencyType(tenant: string): Promise<'commercial' | 'public'>;
  readonly hooks: FeeHooks;
}

export interface FeeHooks {
  /**
   * The payments of some full days as the payment channel tells of them (支付流水导出), and where that export is kept. The daily job compares them with the
   * ledger.
   */
  readonly exportPayments?: (days: {
    readonly tenant: string;
    readonly from: string;
    readonly through: string;
  }) => Promise<{ readonly payments: ReconciliationInput['payments']; readonly reference: string }>;
}

const LETTERS = 'abcdefghijklmnop';

/** One id for what the host calls by an id of its own; in letters, so that it never looks like a number of a person. */
export function ledgerId(kind: 'charge' | 'refund', tenant: string, hostId: string): string {
  const digest = sha256Hex(canonical([kind, tenant, hostId])).slice(0, 40);
  return digest.replace(/./gu, (digit) => LETTERS.charAt(Number.parseInt(digit, 16)));
}

const DIGITS = 6;

/** A number that orders as text. */
export function ordinal(count: number): string {
  return String(count).padStart(DIGITS, '0');
}
