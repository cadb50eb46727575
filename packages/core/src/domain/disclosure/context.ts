import type { DeskContext } from '../../rules/permissions.ts';

/** Something a home page does not show (公示缺漏). Its id is the same however often it is told. */
export type GapEvent = {
  readonly id: string;
  readonly tenant: string;
  readonly page: string;
  readonly day: string;
  readonly missing: readonly string[];
  readonly unreachable: readonly string[];
  /** HTTP status of the page; 0 when nothing answered. */
  readonly status: number;
};

export interface DisclosureHooks {
  /** Told at least once of every day on which a home page lacked something; where it throws, it is told again with the next look. */
  readonly onGap?: (event: GapEvent) => Promise<void> | void;
}

/** What the display on home pages works with. */
export interface DisclosureContext extends DeskContext {
  readonly hooks: DisclosureHooks;
  /** How home pages are fetched. */
  readonly fetch: typeof globalThis.fetch;
}
