/** Takes waiting entries into the log, again and again (定序器). */
export interface Sequencer {
  /** No further turn; the one under way is waited for. */
  stop(): Promise<void>;
}

/** Short enough that a proof can be waited for, long enough that an idle store is hardly asked. */
const TURN_MS = 250;

/**
 * Calls `integrate` at intervals. It does nothing unless entries wait and the lease is held or free, and a failure only
 * means that they wait for the next turn. Keeps no process alive.
 */
export function startSequencer(integrate: () => Promise<void>, turnMs: number = TURN_MS): Sequencer {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    // Not this turn, then the next.
    await integrate().catch(() => undefined);
    next();
  };
  const next = (): void => {
    if (isStopped) return;
    timer = setTimeout(() => {
      turn = run();
    }, turnMs);
    timer.unref();
  };
  next();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await turn;
    },
  };
}
