import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** End a process and wait until it has. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (!isRunning(child)) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

/** A server and what it has started, at one blow: a server of processes would otherwise finish what it is doing. */
export async function endWithChildren(child: ChildProcess): Promise<void> {
  if (!isRunning(child) || child.pid === undefined) return;
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  for (const pid of children) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended by itself meanwhile.
    }
  }
  await exit;
}

/** Ask again until the answer is yes. @throws when the time is up */
export async function until(what: string, limitMs: number, answer: () => Promise<boolean> | boolean): Promise<void> {
  const by = performance.now() + limitMs;
  while (!(await answer())) {
    if (performance.now() > by) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await sleep(25);
  }
}
