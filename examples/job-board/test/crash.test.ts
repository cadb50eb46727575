import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { contentHash, createCompliance, createDevelopmentIssuer, fileKeyring, systemClock, verifyEvidence } from '@zhengpin/core';
import type { DecisionRecord, PostingRecord } from '@zhengpin/core';
import { sqliteStore } from '@zhengpin/storage-adapters/sqlite';
import { expect, it } from 'vitest';

/** How often the server is killed; the judge of main asks for more. */
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 4);
const example = fileURLToPath(new URL('..', import.meta.url));
const node = ['--conditions=@zhengpin/source'];

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}

async function start(port: number, dir: string): Promise<ChildProcess> {
  const server = spawn(process.execPath, [...node, 'src/main.ts'], {
    cwd: example,
    env: { ...process.env, PORT: String(port), DATA_DIR: dir },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  server.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended at start: ${errors}`);
    const answer = await fetch(`http://127.0.0.1:${port}/compliance/verifier-key`).catch(() => undefined);
    if (answer?.ok) return server;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A reviewer at work while the server dies under them: approves and publishes; returns what was acknowledged. */
async function review(url: string, dir: string, published: Set<string>, stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    try {
      const tokens = JSON.parse(readFileSync(join(dir, 'tokens.json'), 'utf8')) as Record<string, string>;
      const call = async (path: string, account: string, init: RequestInit & { readonly etag?: string } = {}) =>
        fetch(`${url}/compliance${path}`, {
          method: 'POST',
          ...init,
          headers: {
            authorization: `Bearer ${tokens[account] ?? ''}`,
            'content-type': 'application/json',
            ...(init.etag ? { 'if-match': init.etag } : {}),
          },
        });
      const page = (await (await call('/reviews?limit=20&kind=posting', 'rev-2', { method: 'GET' })).json()) as {
        items?: { id: string; body: { subject: string } }[];
      };
      for (const task of page.items ?? []) {
        const claim = await call(`/reviews/${task.id}/claim`, 'rev-2');
        const decision = await call(`/reviews/${task.id}/decision`, 'rev-2', {
          etag: claim.headers.get('etag') ?? '',
          body: '{"verdict":"approve"}',
        });
        if (!decision.ok) continue;
        const put = await call(`/postings/${task.body.subject}/publication`, 'operator');
        if (put.ok) published.add(task.body.subject);
      }
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

it(`loses nothing acknowledged and shows nothing undecided over ${ROUNDS} kills during an import`, { timeout: 900_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'zp-crash-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const lines = Array.from({ length: 200_000 }, (_, i) =>
    JSON.stringify({
      id: `line-${i}`,
      title: `装配工程师${i % 7}`,
      city: '示例市',
      salary: '6-8千/月',
      headcount: '2人',
      text: `负责第${i}号产线的装配与调试；岗位要求：${i % 20 === 3 ? '限男性' : '熟悉机械制图'}，能看懂图纸`,
    }),
  );
  writeFileSync(join(dir, 'lines.jsonl'), lines.join('\n'));
  const ack = join(dir, 'ack.jsonl');
  writeFileSync(ack, '');
  const published = new Set<string>();
  let over = false;
  let server = await start(port, dir);
  const importer = spawn(
    process.execPath,
    [...node, 'src/import.ts', join(dir, 'lines.jsonl'), '--url', url, '--ack', ack, '--concurrency', '16'],
    { cwd: example, env: { ...process.env, DATA_DIR: dir }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const reviewing = review(url, dir, published, () => over);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const size = readFileSync(ack).length;
      await new Promise((resolve) => setTimeout(resolve, 60 + Math.random() * 350));
      // A kill counts only in the middle of work.
      while (readFileSync(ack).length === size && importer.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(importer.exitCode, 'the import was over before the last kill').toBeNull();
      server.kill('SIGKILL');
      await once(server, 'exit');
      // What is on disk at the moment of the crash, before anything could repair it.
      const store = sqliteStore({ path: join(dir, 'board.db'), readOnly: true });
      const report = await verifyEvidence(store);
      await store.close();
      expect(report, `after kill ${round + 1}`).toMatchObject({ ok: true });
      server = await start(port, dir);
    }
  } finally {
    over = true;
    importer.kill('SIGKILL');
    server.kill('SIGKILL');
    await reviewing;
  }
  const store = sqliteStore({ path: join(dir, 'board.db'), readOnly: true });
  const acknowledged = readFileSync(ack, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((row) => JSON.parse(row) as { line: string; status: number; posting: string; decision: string });
  expect(acknowledged.length).toBeGreaterThan(ROUNDS);
  const seen = new Set<string>();
  for (const { posting, decision, status } of acknowledged) {
    const made = (await store.get('decisions', decision))?.body as DecisionRecord | undefined;
    const record = (await store.get('postings', posting))?.body as PostingRecord | undefined;
    expect(made, `decision ${decision}`).toMatchObject({ subject: posting, verdict: status === 202 ? 'refer' : 'block' });
    expect(record?.contentHash).toBe(made?.contentHash);
    seen.add(posting);
  }
  expect(seen.size, 'a retry posted twice').toBe(acknowledged.length);
  for (const id of published) {
    expect((await store.get('postings', id))?.body, id).toMatchObject({ state: 'published' });
  }
  // The text is sealed in the file: it is read as the board would read it.
  const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const { identity } = await createDevelopmentIssuer(systemClock);
  const keys = fileKeyring({ path: join(dir, 'keyring.json') });
  const board = createCompliance({ store, signing: { name: 'board.example', privateKeyPem }, identity, keys });
  let cursor: string | undefined;
  do {
    const page = await store.find('postings', { where: { state: 'published' }, limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    for (const { id, body } of page.records) {
      const record = body as PostingRecord;
      const made = (await store.get('decisions', record.approval?.decision ?? ''))?.body as DecisionRecord | undefined;
      const { content, salt } = await board.getPosting({ id: 'auditor', tenant: 'main', role: 'auditor' }, id);
      expect(made, id).toMatchObject({ verdict: 'approve', automated: false, contentHash: record.contentHash });
      expect(contentHash({ content, salt }), id).toBe(record.contentHash);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(await verifyEvidence(store)).toMatchObject({ ok: true });
  await store.close();
  console.log(`${ROUNDS} kills, ${acknowledged.length} acknowledged submissions, ${published.size} acknowledged publications, all there`);
  rmSync(dir, { recursive: true, force: true });
});
