import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { createCompliance, createDevelopmentIssuer, createTestClock } from '@zhengpin/core';
import { sqliteStore } from '@zhengpin/storage-adapters/sqlite';
import { afterEach, describe, expect, it } from 'vitest';

import { temporary, world } from '../test/world.ts';
import { EXIT } from './io.ts';
import { run } from './program.ts';

const tokenFile = join(temporary(), 'token');
writeFileSync(tokenFile, 'not-a-real-token\n', { mode: 0o600 });

const duty = (state: string, clock: string, dueOn: string, daysLeft: number): object => ({
  id: `id-${clock}`,
  clock,
  state,
  dueOn,
  daysLeft,
  subject: 'subject-1',
  title: { zh: '年度报告', en: 'Annual report' },
});

describe('zhengpin duties', () => {
  let server: Server | undefined;
  const asked: { readonly method: string; readonly url: string; readonly body: string }[] = [];
  afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

  /** A platform that answers with what is given, path by path. */
  async function serve(answers: { readonly [path: string]: object | string }): Promise<string> {
    asked.length = 0;
    server = createServer((req, res) => {
      let body = '';
      req.on('data', (chunk: Buffer) => (body += chunk.toString()));
      req.on('end', () => {
        asked.push({ method: req.method ?? '', url: req.url ?? '', body });
        const answer = answers[(req.url ?? '').replace('/compliance', '')];
        if (answer === undefined)
          res.writeHead(404, { 'content-type': 'application/problem+json' }).end('{"code":"ZP_NOT_FOUND","detail":"x"}');
        else res.writeHead(200).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/compliance`;
  }

  async function zhengpin(url: string, ...args: readonly string[]) {
    const w = world();
    const code = await run(['duties', ...args, '--url', url, '--token-file', tokenFile], w.io);
    return { code, out: w.out(), err: w.err() };
  }

  it('lists what is to do, what was missed first, and ends with 2 for that', async () => {
    const items = [
      duty('due', 'annual-report', '2026-12-01', 6),
      duty('missed', 'branch-report', '2026-11-01', -24),
      duty('discharged', 'self-audit', '2026-10-01', -55),
    ];
    const url = await serve({ '/duties': { items } });
    const { code, out } = await zhengpin(url, 'list');
    expect(code).toBe(EXIT.finding);
    expect(out).toMatch(/逾期 \/ missed\n {2}2026-11-01 {3}-24 {2}年度报告 \/ Annual report {2}subject-1 {2}id-branch-report\n临近/);
    expect(out).not.toContain('id-self-audit');
    expect((await zhengpin(url, 'list', '--state', 'discharged')).out).toContain('id-self-audit');
    expect(JSON.parse((await zhengpin(url, 'list', '--json')).out)).toHaveLength(2);
    expect((await zhengpin(url, 'list', '--state', 'late')).code).toBe(EXIT.usage);
  });

  it('ends well where nothing was missed, and writes no control characters of a server', async () => {
    const hostile = { ...duty('upcoming', 'annual-report', '2027-06-30', 200), title: { zh: '\u001b[31m年', en: 'x' } };
    const { code, out } = await zhengpin(await serve({ '/duties': { items: [hostile] } }), 'list');
    expect(code).toBe(EXIT.ok);
    expect(out).not.toContain('\u001b');
  });

  it('passes over no state it does not know, and takes nothing else for a list', async () => {
    const url = await serve({ '/duties': { items: [duty('overdue', 'annual-report', '2026-11-01', -24)] } });
    const { code, out } = await zhengpin(url, 'list');
    expect([code, out]).toEqual([EXIT.finding, expect.stringMatching(/^overdue\n {2}2026-11-01/u)]);
    for (const answer of ['<!doctype html>', '[]', '{}', '{"items":{}}', '{"items":[null]}', '{"items":[{"state":"due"}]}']) {
      server?.close();
      expect((await zhengpin(await serve({ '/duties': answer }), 'list')).code, answer).toBe(EXIT.environment);
    }
  });

  it('prints the calendar as it comes, and a refusal of it as an error', async () => {
    const ics = 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n';
    expect(await zhengpin(await serve({ '/duties/calendar?lang=en': ics }), 'ics', '--lang', 'en')).toMatchObject({
      code: EXIT.ok,
      out: ics,
    });
    server?.close();
    const refused = await zhengpin(await serve({}), 'ics');
    expect(refused.err).toContain('ZP_NOT_FOUND');
    expect((await zhengpin('http://127.0.0.1:9/', 'ics', '--lang', 'fr')).code).toBe(EXIT.usage);
  });

  it('opens and discharges with what was given, and nothing else', async () => {
    const url = await serve({ '/duties': { id: 'd-1', dueOn: '2026-12-05' }, '/duties/d-1/discharge': { late: false } });
    await zhengpin(url, 'open', '--clock', 'branch-report', '--subject', 'b-1', '--started-on', '2026-11-20');
    await zhengpin(
      url,
      'open',
      '--clock',
      'annual-report',
      '--subject',
      '2026',
      '--due-on',
      '2026-12-31',
      '--reference',
      'N-1',
      '--sha256',
      'a'.repeat(64),
    );
    await zhengpin(url, 'discharge', 'd-1', '--on', '2026-11-25', '--reference', 'F-1', '--sha256', 'a'.repeat(64));
    expect(asked.map(({ method, url: path, body }) => [method, path, JSON.parse(body)])).toEqual([
      ['POST', '/compliance/duties', { clock: 'branch-report', subject: 'b-1', startedOn: '2026-11-20' }],
      [
        'POST',
        '/compliance/duties',
        { clock: 'annual-report', subject: '2026', dueOn: '2026-12-31', source: { reference: 'N-1', sha256: 'a'.repeat(64) } },
      ],
      ['POST', '/compliance/duties/d-1/discharge', { on: '2026-11-25', reference: 'F-1', sha256: 'a'.repeat(64) }],
    ]);
  });
});

describe('doctor', () => {
  it('counts what was missed and not made good, tenant by tenant', async () => {
    const path = join(temporary(), 'duties.db');
    const clock = createTestClock('2026-01-05T02:00:00.000Z');
    const issuer = await createDevelopmentIssuer(clock);
    const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const signing = { name: 'jobs.example', privateKeyPem };
    const compliance = createCompliance({ store: sqliteStore({ path }), signing, identity: issuer.identity, clock });
    for (const tenant of ['one', 'two']) {
      const operator = { id: 'operator', tenant, role: 'operator' } as const;
      await compliance.setOperator(operator, {
        name: '示例人力资源服务有限公司',
        agencyType: 'public',
        modes: ['other'],
        jurisdictions: ['CN'],
      });
      if (tenant === 'two') continue;
      await compliance.openDuty(operator, { clock: 'algorithm-filing', subject: 'ranking', startedOn: '2026-01-05' });
      const { id } = await compliance.openDuty(operator, { clock: 'algorithm-ending', subject: 'old', startedOn: '2026-01-05' });
      clock.advance(60 * 86_400_000);
      await compliance.tickDuties(operator);
      await compliance.dischargeDuty(operator, id, { on: '2026-03-01', reference: 'FILE-1', sha256: 'a'.repeat(64) });
    }
    await compliance.close();
    const w = world();
    await run(['doctor', '--json', '--store', `sqlite:${path}`], w.io);
    const { checks } = JSON.parse(w.out()) as { checks: { id: string; status: string; detail: { en: string } }[] };
    const duties = checks.filter(({ id }) => id.startsWith('duties'));
    expect(duties.map(({ id, status, detail }) => [id, status, detail.en])).toEqual([
      ['duties one', 'finding', '1 over and undone: algorithm-filing'],
      ['duties two', 'ok', 'No duty on record is over and undone'],
    ]);
  });
});
