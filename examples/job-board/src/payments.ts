import type { DatabaseSync } from 'node:sqlite';

import type { ReconciliationInput } from '@zhengpin/core';

type Payment = ReconciliationInput['payments'][number];

/** The board's own record of what it has billed (收款记录), which the daily comparison with the ledger reads. */
export interface Payments {
  add(payment: Payment): void;
  between(from: string, through: string): ReconciliationInput['payments'];
}

export function createPayments(database: DatabaseSync): Payments {
  database.exec(
    'CREATE TABLE IF NOT EXISTS board_payments (id TEXT PRIMARY KEY, amount_fen INTEGER NOT NULL, payer TEXT NOT NULL, paid_on TEXT NOT NULL) STRICT',
  );
  database.exec('CREATE INDEX IF NOT EXISTS board_payments_on ON board_payments (paid_on)');
  const insert = database.prepare('INSERT INTO board_payments (id, amount_fen, payer, paid_on) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const select = database.prepare('SELECT id, amount_fen, payer, paid_on FROM board_payments WHERE paid_on BETWEEN ? AND ? ORDER BY id');
  return {
    add: ({ payment, amountFen, payer, on }) => void insert.run(payment, amountFen, payer, on),
    between: (from, through) =>
      (select.all(from, through) as { id: string; amount_fen: number; payer: Payment['payer']; paid_on: string }[]).map((row) => ({
        payment: row.id,
        amountFen: row.amount_fen,
        payer: row.payer,
        on: row.paid_on,
      })),
  };
}
