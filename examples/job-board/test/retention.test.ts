import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { verifyEvidence } from '@zhengpin/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { actor, FIRMS, samplePosting } from '../src/seed.ts';
import { createSite } from './board.ts';
import type { Site } from './board.ts';

const DAY = 86_400_000;
const BIN = fileURLToPath(new URL('../../../packages/cli/src/main.ts', import.meta.url));

describe('three years on the board', () => {
  let site: Site;
  let server: Server;
  let url: string;
  const folder = mkdtempSync(join(tmpdir(), 'zp-board-retention-'));

  beforeEach(async () => {
    site = await createSite();
    server = createServer(site.app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/compliance`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  /** The command line as a person runs it, with that person's own token. */
  async function zhengpin(
    account: string,
    ...args: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    const tokenFile = join(folder, account);
    writeFileSync(tokenFile, await site.token(account), { mode: 0o600 });
    return new Promise((resolve) => {
      const argv = ['--conditions=@zhengpin/source', BIN, 'retention', ...args, '--url', url, '--token-file', tokenFile];
      execFile(process.execPath, argv, (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }));
    });
  }

  async function ended(): Promise<string> {
    const { compliance } = site;
    await compliance.tickRetention(actor('operator'));
    const { id } = await compliance.submitPosting(actor('emp-1'), samplePosting(FIRMS[0], { title: '保存示例岗位' }));
    await compliance.withdrawPosting(actor('emp-1'), id);
    await compliance.settleServices(actor('operator'));
    return id;
  }

  it('pass on the pages: the jump is seen, two persons say the day, two approve, and a certificate remains', async () => {
    const id = await ended();
    site.clock.advance(1097 * DAY);
    const [first, second] = [await site.visitor('officer'), await site.visitor('operator')];
    expect((await first.get('/retention')).text).toContain('clock-jump');
    const today = { today: '2029-11-25', reference: 'CLOCK-1' };
    for (const visitor of [first, second]) expect((await visitor.send('/retention', '/retention/time', today)).status).toBe(303);
    const due = (await first.get('/retention')).text;
    expect(due).not.toContain('clock-jump');
    expect(due).toContain(id);
    expect((await first.send('/retention', '/retention/plans', {})).status).toBe(303);
    const plan = /\/retention\/plans\/([\w.-]+)\/approval/.exec((await first.get('/retention')).text)?.[1] ?? '';
    await first.send('/retention', `/retention/plans/${plan}/approval`, {});
    expect((await first.send('/retention', `/retention/plans/${plan}/pass`, {})).status).toBe(409);
    await second.send('/retention', `/retention/plans/${plan}/approval`, {});
    expect((await second.send('/retention', `/retention/plans/${plan}/pass`, {})).status).toBe(303);
    expect((await first.get('/retention')).text).toMatch(/处置 1，保留 0/);
    expect((await site.compliance.getCertificate(actor('inspector'), id)).body).toMatchObject({
      approvers: ['officer', 'operator'],
      method: 'delete',
    });
    const report = await verifyEvidence(site.store, { vkey: site.compliance.evidence.vkey, tenant: 'main' });
    expect(report.ok).toBe(true);
  });

  it('pass over an application: its service waits for it, nobody deletes it early, and it goes with its posting', async () => {
    const { compliance, applications, clock } = site;
    await compliance.tickRetention(actor('operator'));
    const { id } = await compliance.submitPosting(actor('emp-1'), samplePosting(FIRMS[0], { title: '有申请的岗位' }));
    const page = `/employer/postings/${id}`;
    const employer = await site.visitor('emp-1');
    for (let i = 0; i < 2; i++) expect((await employer.send(page, `${page}/applications`, {})).status).toBe(303);
    const [first, second] = applications.of(id);
    expect((await employer.send(page, `${page}/applications/${first?.id}/end`, {})).status).toBe(303);
    expect((await (await site.visitor('emp-2')).send('/employer', `${page}/applications/${second?.id}/end`, {})).status).toBe(404);
    await compliance.withdrawPosting(actor('emp-1'), id);
    expect(await compliance.settleServices(actor('operator'))).toMatchObject({ completed: 0 });
    await expect(applications.remove(second?.id ?? '')).rejects.toMatchObject({ code: 'ZP_RETAINED' });
    clock.advance(10 * DAY);
    const later = await site.visitor('emp-1');
    expect((await later.send(page, `${page}/applications/${second?.id}/end`, {})).status).toBe(303);
    expect((await later.get(page)).text).toContain('2026-12-04');
    expect(await compliance.settleServices(actor('operator'))).toMatchObject({ completed: 1 });
    // The last application, not the posting, says when the service was complete.
    expect(await compliance.retentionOf(actor('inspector'), id)).toMatchObject({ completedOn: '2026-12-04', retainUntil: '2029-12-04' });
    clock.advance(1097 * DAY);
    for (const by of ['officer', 'operator']) await compliance.confirmTime(actor(by), { today: '2029-12-05', reference: 'CLOCK-1' });
    const { id: plan = '' } = await compliance.planDisposal(actor('operator'), { record: true });
    for (const by of ['officer', 'operator']) await compliance.approveDisposal(actor(by), plan);
    expect(await compliance.applyDisposal(actor('operator'), plan)).toMatchObject({ disposed: 1 });
    expect(applications.of(id)).toEqual([]);
  });

  it('are no reason to believe the archive: a drill has it back, on the page and on the command line', async () => {
    await ended();
    expect((await zhengpin('operator', 'archive')).out).toMatch(/segments: [1-9]/u);
    const officer = await site.visitor('officer');
    expect((await officer.send('/retention', '/retention/drills', {})).status).toBe(303);
    expect((await officer.get('/retention')).text).toContain('全部可恢复');
    expect(await zhengpin('operator', 'drill', '--month', '2026-11')).toMatchObject({
      code: 0,
      out: expect.stringContaining('ok: true') as string,
    });
    expect(await zhengpin('operator', 'drill', '--month', '2026-01')).toMatchObject({ code: 4 });
    expect((await zhengpin('auditor', 'drills', '--json')).out).toContain('"month": "2026-11"');
  });

  it('pass on the command line, each person with a token of their own', async () => {
    const id = await ended();
    const hold = await zhengpin('officer', 'hold', '--kind', 'litigation', '--scope', `posting.${id}`, '--reference', 'CASE-1', '--json');
    const { id: held } = JSON.parse(hold.out) as { readonly id: string };
    site.clock.advance(1097 * DAY);
    const doubted = await zhengpin('operator', 'plan');
    expect(doubted).toMatchObject({ code: 2, out: expect.stringContaining('clock-jump') as string });
    const refused = await zhengpin('operator', 'plan', '--record');
    expect(refused).toMatchObject({ code: 4, err: expect.stringContaining('ZP_RETENTION_PAUSED') as string });
    for (const account of ['officer', 'operator'])
      expect((await zhengpin(account, 'time', '--today', '2029-11-25', '--reference', 'CLOCK-1')).code).toBe(0);
    const waiting = JSON.parse((await zhengpin('operator', 'plan', '--json')).out) as { readonly held: readonly string[] };
    expect(waiting.held).toEqual([id]);
    for (const account of ['officer', 'officer-2'])
      expect((await zhengpin(account, 'release', held, '--reference', 'CASE-1/closed')).code).toBe(0);
    const plan = JSON.parse((await zhengpin('operator', 'plan', '--record', '--json')).out) as { readonly id: string };
    expect((await zhengpin('officer', 'approve', plan.id)).code).toBe(0);
    expect(await zhengpin('officer', 'approve', plan.id)).toMatchObject({
      code: 4,
      err: expect.stringContaining('ZP_SEPARATION_OF_DUTIES') as string,
    });
    expect((await zhengpin('operator', 'approve', plan.id)).code).toBe(0);
    expect((await zhengpin('operator', 'apply', plan.id)).out).toContain('state: applied');
    expect((await zhengpin('inspector', 'find', '--posting', id)).out).toContain('state: disposed');
    expect((await zhengpin('inspector', 'certificate', id)).out).toContain('retainUntil: 2029-11-24');
    expect((await zhengpin('inspector', 'find', '--organisation', 'org-1', '--json')).out).toContain('"items"');
    expect(await zhengpin('rev-1', 'holds')).toMatchObject({ code: 4, err: expect.stringContaining('ZP_FORBIDDEN') as string });
  });
});
