/** What a source says of the time, in ms since the epoch: it is no earlier, and where the source knows, no later. */
export interface TimeReading {
  readonly notBefore: number;
  /** Absent for what only proves that a moment has passed, such as a signature. */
  readonly notAfter?: number;
}

/** A clock, or a trace of time, outside this process (外部时间来源). */
export interface TimeSource {
  readonly name: string;
  /** @returns undefined while it has nothing to say of this tenant yet. A rejection pauses disposal: nobody knows the time. */
  read(tenant: string): Promise<TimeReading | undefined>;
}

/** The clock of a database server (数据库时钟): a store of the kit over PostgreSQL or the MySQL protocol tells it. */
export function databaseClock(store: { serverTime(): Promise<number> }): TimeSource {
  return {
    name: 'database',
    async read() {
      const at = await store.serverTime();
      return { notBefore: at, notAfter: at };
    },
  };
}
