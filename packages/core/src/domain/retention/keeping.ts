import type { Reader } from '../../kernel/execute.ts';
import type { RetentionContext } from './context.ts';
import { periodFor, retainUntil } from './periods.ts';
import type { ServiceRecord } from './records.ts';
import { loadGate } from './time.ts';

/**
 * The last civil day on which anything of some organisations is kept (最迟保存至); undefined while a service of theirs is open,
 * or none is on record: then nobody knows yet.
 */
export async function keptUntil(
  context: RetentionContext,
  reader: Reader,
  tenant: string,
  organisations: readonly string[],
): Promise<string | undefined> {
  const gate = await loadGate(reader, tenant);
  const period = await periodFor(context, reader, tenant, gate?.body);
  let latest: string | undefined;
  for (const organisation of organisations) {
    const [open, last] = await Promise.all([
      reader.find('services', { where: { organisation, state: 'open' }, limit: 1 }),
      reader.find('services', { where: { organisation }, range: { field: 'completedOn', gt: '' }, order: 'desc', limit: 1 }),
    ]);
    const completedOn = (last.records[0]?.body as ServiceRecord | undefined)?.completedOn;
    if (open.records.length > 0 || completedOn === undefined) return undefined;
    const until = retainUntil(context.calendar, completedOn, period);
    if (latest === undefined || until > latest) latest = until;
  }
  return latest;
}
