/**
 * Push a JSON Lines file of postings through the HTTP gate of the running server:
 * `npm run import -- FILE [--url URL] [--concurrency N] [--limit N] [--ack FILE]`.
 * FILE may be gzipped; `{id, text, title?, city?, salary?, headcount?, education?, experience?}` a line. What the source
 * lacks (employer, conditions, …) is taken from the seeded, invented firms and counted. With `--ack` every answer is
 * appended to a file and a later run leaves those lines out.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { verifyEvidence } from '@zhengpin/core';
import type { PostingContent } from '@zhengpin/core';
import { sqliteStore } from '@zhengpin/storage-adapters/sqlite';
import { SingleBar } from 'cli-progress';

import { linesOf } from './lines.ts';
import { parsePay } from './pay.ts';
import { paths } from './paths.ts';
import { FIRMS } from './seed.ts';

interface Line {
  readonly id: string;
  readonly text: string;
  readonly title?: string;
  readonly city?: string;
  readonly salary?: string;
  readonly headcount?: string | number;
  readonly education?: string;
  readonly experience?: string;
}

/** What the server said to one line. */
interface Answer {
  readonly status: number;
  readonly outcome: string;
  readonly reasons: readonly string[];
  readonly posting?: string;
  readonly decision?: string;
}

const PATIENCE_MS = 60_000;
const filled = new Map<string, number>();

function fill<T>(field: string, value: T): T {
  filled.set(field, (filled.get(field) ?? 0) + 1);
  return value;
}

/** The same line always goes to the same firm, so that a retry is the same request. */
function firmOf(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  return sum % FIRMS.length;
}

function headcountOf(given: string | number | undefined): number {
  const digits = Number(/\d{1,5}/.exec(String(given ?? ''))?.[0]);
  return digits >= 1 ? digits : fill('headcount', 1);
}

/** Requirements usually follow the duties under a heading of their own. */
function split(line: Line): { readonly workContent: string; readonly requirements: string } {
  const text = line.text.trim();
  const at = text.search(/(岗位|任职|职位|应聘|招聘)(要求|资格|条件)|任职资格/);
  if (at > 10 && text.length - at > 4) return { workContent: text.slice(0, at), requirements: text.slice(at) };
  const known = [line.education && `学历：${line.education}`, line.experience && `经验：${line.experience}`].filter(Boolean).join('；');
  return { workContent: text, requirements: known === '' ? fill('requirements', '见工作内容所列条件') : known };
}

function postingOf(line: Line, firm: (typeof FIRMS)[number]): PostingContent {
  const pay = line.salary === undefined ? undefined : parsePay(line.salary);
  return {
    title: (line.title ?? '').trim().slice(0, 120) || fill('title', '招聘岗位'),
    accountType: 'employer-direct',
    employer: { name: firm.name, uscc: firm.uscc },
    headcount: headcountOf(line.headcount),
    ...split(line),
    workingConditions: fill('workingConditions', '按本单位公示的作息和社会保险执行'),
    place: { city: (line.city ?? '').trim().slice(0, 60).padEnd(2, '市') || fill('city', '示例市') },
    pay: {
      ...(pay ?? fill('pay', { minFen: 500_000, maxFen: 800_000, unit: 'month' as const })),
      ...(line.salary ? { note: line.salary.slice(0, 300) } : {}),
    },
    employmentType: fill('employmentType', 'full-time' as const),
    validity: { reconfirmEveryDays: 30 },
    source: { kind: 'original' },
  };
}

function tokens(): { readonly [account: string]: string } {
  return JSON.parse(readFileSync(paths().tokens, 'utf8')) as { readonly [account: string]: string };
}

async function* postingsOf(file: string): AsyncGenerator<Line> {
  for await (const text of linesOf(file)) if (text.trim() !== '') yield JSON.parse(text) as Line;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:3000' },
      concurrency: { type: 'string', default: '32' },
      limit: { type: 'string' },
      ack: { type: 'string' },
    },
  });
  const [file] = positionals;
  if (file === undefined || !existsSync(file)) {
    console.error('usage: npm run import -- FILE [--url URL] [--concurrency N] [--limit N] [--ack FILE]');
    process.exitCode = 1;
    return;
  }
  const limit = Number(values.limit ?? Number.POSITIVE_INFINITY);
  const ack = values.ack;
  const done = new Set(
    ack !== undefined && existsSync(ack)
      ? readFileSync(ack, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((row) => (JSON.parse(row) as { line: string }).line)
      : [],
  );
  let known = tokens();

  async function push(line: Line): Promise<Answer> {
    const firm = firmOf(line.id);
    const body = JSON.stringify(postingOf(line, FIRMS[firm] ?? FIRMS[0]));
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const headers = {
        'content-type': 'application/json',
        authorization: `Bearer ${known[`emp-${firm + 1}`] ?? ''}`,
        'idempotency-key': line.id,
      };
      const response = await fetch(`${values.url}/jobs`, { method: 'POST', headers, body }).catch(() => undefined);
      const text = await response?.text().catch(() => undefined);
      // A server that is down or starting again is asked again with the same key: nothing is posted twice.
      if (response === undefined || text === undefined || response.status === 503 || response.status === 401) {
        if (Date.now() > deadline) throw new Error(`no answer for ${PATIENCE_MS} ms, last status ${response?.status ?? 'none'}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
        if (response?.status === 401) known = tokens();
        continue;
      }
      const answer = JSON.parse(text) as {
        outcome?: string;
        code?: string;
        id?: string;
        decision?: string | { id: string; posting: string };
        findings?: { ground?: string; rule: string; pointer: string }[];
        reasons?: { ground?: string; reason: string }[];
      };
      const decision = typeof answer.decision === 'object' ? answer.decision.id : answer.decision;
      const posting = typeof answer.decision === 'object' ? answer.decision.posting : answer.id;
      const reasons = [
        ...(answer.findings ?? []).map((f) => f.ground ?? `${f.pointer} ${f.rule}`),
        ...(answer.reasons ?? []).map((r) => r.ground ?? r.reason),
      ];
      return {
        status: response.status,
        outcome: answer.outcome ?? answer.code ?? 'none',
        reasons: [...new Set(reasons)],
        ...(posting ? { posting } : {}),
        ...(decision ? { decision } : {}),
      };
    }
  }

  const counts = { sent: 0, skipped: 0, withDecision: 0 };
  const outcomes = new Map<string, number>();
  const reasons = new Map<string, number>();
  const bar = process.stderr.isTTY ? new SingleBar({ format: '{bar} {value} postings  {speed}/s', stopOnComplete: true }) : undefined;
  const started = performance.now();
  bar?.start(0, 0, { speed: 0 });
  const source = postingsOf(file);
  let taken = 0;
  async function worker(): Promise<void> {
    for (;;) {
      if (taken >= limit) return;
      const next = await source.next();
      if (next.done === true) return;
      taken++;
      const line = next.value;
      if (done.has(line.id)) {
        counts.skipped++;
        continue;
      }
      const answer = await push(line);
      counts.sent++;
      if (answer.decision !== undefined) counts.withDecision++;
      const key = `${answer.status} ${answer.outcome}`;
      outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
      for (const reason of answer.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      if (ack !== undefined) appendFileSync(ack, `${JSON.stringify({ line: line.id, ...answer })}\n`);
      bar?.update(counts.sent, { speed: Math.round(counts.sent / ((performance.now() - started) / 1000)) });
    }
  }
  await Promise.all(Array.from({ length: Number(values.concurrency) }, worker));
  bar?.stop();
  const seconds = (performance.now() - started) / 1000;

  const table = (map: ReadonlyMap<string, number>): object => Object.fromEntries([...map].toSorted((a, b) => b[1] - a[1]));
  console.log(
    `sent ${counts.sent} postings in ${seconds.toFixed(1)} s: ${(counts.sent / seconds).toFixed(0)} postings/s; with a recorded decision ${counts.withDecision}; left out ${counts.skipped}`,
  );
  console.log('by outcome', table(outcomes));
  console.log('by reason', table(reasons));
  console.log('filled from the invented firms', table(filled));
  const store = sqliteStore({ path: paths().store, readOnly: true });
  const report = await verifyEvidence(store);
  await store.close();
  console.log(
    `verify ${report.ok ? 'ok' : 'BROKEN'}`,
    report.tenants.map((t) => ({ tenant: t.tenant, entries: t.size, records: t.recordsChecked, faults: t.faults.slice(0, 3) })),
  );
  process.exitCode = report.ok ? 0 : 3;
}

await main();
