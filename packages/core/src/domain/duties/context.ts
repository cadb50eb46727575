import type { Text } from '../../kernel/text.ts';
import type { BoundParty } from '../../rules/obligations.ts';
import type { DeskContext } from '../../rules/permissions.ts';
import type { SourcedDuty } from '../../kernel/sourced-duty.ts';

/** A duty that is due or was missed (义务提醒). Its id is the same however often it is told. */
export type DutyEvent = {
  readonly id: string;
  readonly tenant: string;
  readonly clock: string;
  readonly subject: string;
  readonly title: Text;
  readonly dueOn: string;
  readonly state: 'due' | 'missed';
  /** Negative once it is over. */
  readonly daysLeft: number;
};

export interface DutyHooks {
  /** Told at least once of every reminder and of everything missed; where it throws, it is told again on the next day. */
  readonly onDuty?: (event: DutyEvent) => Promise<void> | void;
}

/** What the duty calendar works with. */
export interface DutiesContext extends DeskContext {
  /** The other parts of the kit, each with the duties its own records know of: open ones, and those discharged in the last 400 days. */
  readonly sources: readonly ((tenant: string, today: string) => Promise<readonly SourcedDuty[]>)[];
  /** Whom the operator is, of those that articles address. */
  boundBy(tenant: string): Promise<ReadonlySet<BoundParty>>;
  readonly hooks: DutyHooks;
}
