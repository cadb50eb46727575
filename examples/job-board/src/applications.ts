import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import { ComplianceError, isComplianceError, retained } from '@zhengpin/core';
import type { Actor, Compliance, Disposed, PostingRecord } from '@zhengpin/core';
import { hostTriggers } from '@zhengpin/storage-adapters/host-triggers';

/** An application an employer has received (求职申请): the board's own row, without a word about who applied. */
export interface Application {
  readonly id: string;
  readonly receivedOn: string;
  /** Absent while nobody has answered it. */
  readonly endedOn?: string;
}

/**
 * Applications, a model of the board's own under the kit's schedule (纳入保存的求职申请): each is a part of the service of its posting,
 * so the service is not complete while one is open; none goes before its posting was disposed of, and all go then.
 */
export interface Applications {
  of(posting: string): readonly Application[];
  receive(posting: Pick<PostingRecord, 'organisation'> & { readonly id: string }, today: string): Promise<void>;
  end(posting: string, id: string, today: string): Promise<void>;
  /** Tell the kit what it has not been told, as after a crash between the two. */
  catchUp(): Promise<void>;
  /** The board's own removal. @throws ZP_RETAINED until the posting was disposed of */
  remove(id: string): Promise<void>;
  disposed(event: Disposed): Promise<void>;
}

const APPLICATIONS_TABLE = `CREATE TABLE IF NOT EXISTS board_applications (
  id TEXT PRIMARY KEY, posting TEXT NOT NULL, service TEXT NOT NULL, received_on TEXT NOT NULL, ended_on TEXT, told INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS board_applications_posting ON board_applications (posting)`;

/** For a database that also holds the kit's tables: not even SQL behind the board's back deletes early. */
export function guardApplications(database: DatabaseSync, tenant: string): void {
  database.exec(hostTriggers({ dialect: 'sqlite', table: 'board_applications', column: 'posting', tenant }));
}

/** @param account the board's own, which may change services */
export function createApplications(compliance: Compliance, database: DatabaseSync, account: Actor): Applications {
  database.exec(APPLICATIONS_TABLE);
  const { tenant } = account;
  const rowOf = (id: string): Record<string, unknown> | undefined =>
    database.prepare('SELECT posting, service, ended_on FROM board_applications WHERE id = ?').get(id);

  /** The service of a posting, opened with its first application. */
  async function serviceOf(posting: string, organisation: string): Promise<string> {
    const { service } = await compliance.retentionOf(account, posting);
    if (service !== undefined) return service;
    try {
      return (await compliance.openService(account, { kind: 'introduce', organisation, postings: [posting] })).id;
    } catch (error) {
      // Somebody else's first application was faster.
      const opened =
        isComplianceError(error) && error.code === 'ZP_STATE' ? (await compliance.retentionOf(account, posting)).service : undefined;
      if (opened === undefined) throw error;
      return opened;
    }
  }

  async function tell(id: string): Promise<void> {
    const row = rowOf(id);
    if (row === undefined) return;
    const { service, ended_on: endedOn } = row;
    const part = { kind: 'application', ref: id, ...(typeof endedOn === 'string' ? { state: 'ended', endedOn } : { state: 'open' }) };
    await compliance.recordPart(account, String(service), part);
    database
      .prepare('UPDATE board_applications SET told = 1 WHERE id = ? AND ended_on IS ?')
      .run(id, typeof endedOn === 'string' ? endedOn : null);
  }

  const { remove, disposed } = retained(compliance, {
    tenant,
    postingOf: async (id) => {
      const posting = rowOf(id)?.['posting'];
      return typeof posting === 'string' ? posting : undefined;
    },
    rowsOf: async (posting) =>
      database
        .prepare('SELECT id FROM board_applications WHERE posting = ?')
        .all(posting)
        .map((row) => String(row['id'])),
    remove: async (id) => void database.prepare('DELETE FROM board_applications WHERE id = ?').run(id),
  });

  return {
    of: (posting) =>
      database
        .prepare('SELECT id, received_on, ended_on FROM board_applications WHERE posting = ? ORDER BY received_on, id')
        .all(posting)
        .map((row) => ({
          id: String(row['id']),
          receivedOn: String(row['received_on']),
          ...(row['ended_on'] === null ? {} : { endedOn: String(row['ended_on']) }),
        })),
    async receive({ id: posting, organisation }, today) {
      const service = await serviceOf(posting, organisation);
      const id = randomUUID();
      database
        .prepare('INSERT INTO board_applications (id, posting, service, received_on, told) VALUES (?, ?, ?, ?, 0)')
        .run(id, posting, service, today);
      await tell(id);
    },
    async end(posting, id, today) {
      const changed = database
        .prepare('UPDATE board_applications SET ended_on = ?, told = 0 WHERE id = ? AND posting = ? AND ended_on IS NULL')
        .run(today, id, posting);
      if (changed.changes === 0) throw new ComplianceError('ZP_NOT_FOUND');
      await tell(id);
    },
    async catchUp() {
      for (const row of database.prepare('SELECT id FROM board_applications WHERE told = 0').all()) await tell(String(row['id']));
    },
    remove,
    disposed,
  };
}
