import { ComplianceError } from '../../kernel/errors.ts';
import type { Disposed } from './events.ts';
import type { GuardCommands } from './guard.ts';

/** Rows of the host's own about postings (宿主数据), such as applications, interviews or copies for search. */
export interface HostModel {
  /** The tenant whose postings they are about. */
  readonly tenant: string;
  /** The posting a row is about; undefined for a row that is not there. */
  postingOf(id: string): Promise<string | undefined>;
  /** The rows about a posting. */
  rowsOf(posting: string): Promise<readonly string[]>;
  /** The host's own removal of one row; of one that is gone already, nothing. */
  remove(id: string): Promise<void>;
}

/** The same rows under the schedule of the kit (纳入保存的宿主数据). */
export interface RetainedModel {
  /** @throws ZP_RETAINED until the posting was disposed of, ZP_NOT_FOUND for a row that is not there */
  remove(id: string): Promise<void>;
  /** Removes what the host keeps of a disposed service: hand it to `onDisposed`. May be called twice with the same event. */
  disposed(event: Disposed): Promise<void>;
}

/**
 * Put the host's own rows under the schedule of the kit (纳入保存): they cannot go before their posting may, and go when it goes.
 * @source Order 44 Art. 26
 */
export function retained(compliance: Pick<GuardCommands, 'assertDeletable'>, model: HostModel): RetainedModel {
  return {
    async remove(id) {
      const posting = await model.postingOf(id);
      if (posting === undefined) throw new ComplianceError('ZP_NOT_FOUND');
      await compliance.assertDeletable(model.tenant, posting);
      await model.remove(id);
    },
    async disposed({ tenant, postings }) {
      if (tenant !== model.tenant) return;
      for (const posting of postings) {
        const rows = await model.rowsOf(posting);
        if (rows.length === 0) continue;
        // An event only says so; what was disposed of, the kit knows.
        await compliance.assertDeletable(tenant, posting);
        for (const id of rows) await model.remove(id);
      }
    },
  };
}
