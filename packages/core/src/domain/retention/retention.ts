import { createArchiving } from './archive.ts';
import type { ArchiveCommands } from './archive.ts';
import type { RetentionContext } from './context.ts';
import { createDisposal } from './disposal.ts';
import type { DisposalCommands } from './disposal.ts';
import { createDrills } from './drill.ts';
import type { DrillCommands } from './drill.ts';
import { createGuard } from './guard.ts';
import type { GuardCommands } from './guard.ts';
import { createHolds } from './holds.ts';
import type { HoldCommands } from './holds.ts';
import { createServices } from './services.ts';
import type { ServiceCommands } from './services.ts';
import { createTime } from './time.ts';
import type { TimeCommands } from './time.ts';

/** Everything about keeping and, in the end, disposing (保存与处置). @source Order 44 Art. 26 */
export interface RetentionCommands
  extends ServiceCommands, HoldCommands, DisposalCommands, TimeCommands, GuardCommands, ArchiveCommands, DrillCommands {}

export function createRetention(context: RetentionContext): RetentionCommands {
  return {
    ...createServices(context),
    ...createHolds(context),
    ...createDisposal(context),
    ...createTime(context),
    ...createGuard(context),
    ...createArchiving(context),
    ...createDrills(context),
  };
}
