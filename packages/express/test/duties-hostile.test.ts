import type { Compliance } from '@zhengpin/core';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { APP, createDisplay, DAY_MS, DISPLAY, PROOF } from './display.ts';
import type { Display } from './display.ts';
import { officer, operator, OPERATOR } from './platform.ts';

const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
afterAll(() => warned.mockRestore());

const NOTICE = {
  zh: '本网站将于三十日后终止网络招聘服务，请及时办理有关事项。',
  en: 'This site ends its recruitment service after thirty days.',
};
const REPORT = { clock: 'annual-report', subject: '2026', dueOn: '2026-06-30', source: PROOF };
let display: Display;
let compliance: Compliance;

beforeEach(async () => {
  display = await createDisplay();
  ({ compliance } = display);
});

describe('what comes back', () => {
  it('starts anew also where its next last day is the one it had', async () => {
    display.clock.set('2026-08-31T02:00:00.000Z');
    const { id } = await compliance.openDuty(officer, { clock: 'entrant-reverification', subject: 'org-1', startedOn: '2026-08-30' });
    await compliance.dischargeDuty(officer, id, { on: '2026-08-31', ...PROOF });
    const open = (await display.duties('entrant-reverification')).filter(({ state }) => state !== 'discharged');
    expect(open.map(({ startedOn, dueOn }) => [startedOn, dueOn])).toEqual([['2026-08-31', '2027-02-28']]);
  });

  it('does not look next year’s window up, and gives way to what was looked up', async () => {
    display.clock.advance(40 * DAY_MS);
    const { id } = await compliance.openDuty(officer, REPORT);
    await compliance.dischargeDuty(officer, id, { on: '2026-03-24', ...PROOF });
    display.clock.set('2027-03-10T02:00:00.000Z');
    const window = async (year: string) => (await display.duties('annual-report-window')).find(({ subject }) => subject === year);
    expect(await window('2026')).toMatchObject({ state: 'discharged', late: false });
    expect((await window('2027'))?.state).toBe('due');
    const next = await compliance.openDuty(officer, { ...REPORT, subject: '2027', dueOn: '2027-05-31' });
    expect(await window('2027')).toMatchObject({ state: 'discharged', late: false });
    await compliance.dischargeDuty(officer, next.id, { on: '2027-03-10', ...PROOF });
    await display.days(150);
    // The guess of 30 June is gone; nothing of 2027 is missed, and there is one guess for 2028; 2026 is too long ago to be listed.
    expect((await display.duties('annual-report')).map(({ subject, state }) => [subject, state])).toEqual([
      ['2027', 'discharged'],
      ['2028', 'upcoming'],
    ]);
  });

  it('says that a window was looked up late, whatever day its report is said to begin on', async () => {
    display.clock.set('2026-04-23T02:00:00.000Z');
    await compliance.openDuty(officer, { ...REPORT, startedOn: '2026-01-02' });
    await compliance.tickDuties(operator);
    expect((await display.duties('annual-report-window'))[0]).toMatchObject({ state: 'discharged', late: true, missedOn: '2026-04-23' });
  });

  it('remembers the window of last year that nobody looked up', async () => {
    display.clock.set('2027-01-08T02:00:00.000Z');
    await compliance.tickDuties(operator);
    expect((await display.duties('annual-report-window')).find(({ subject }) => subject === '2026')).toMatchObject({
      state: 'missed',
      missedOn: '2027-01-08',
    });
  });
});

describe('a host that cannot hear', () => {
  it('of one thing keeps nothing else off the record, nor from being told', async () => {
    await compliance.openDuty(officer, { clock: 'service-filing', subject: 's-1', startedOn: '2026-01-01' });
    await compliance.openDuty(officer, { clock: 'branch-report', subject: 'b-1', startedOn: '2026-01-10' });
    display.broken.duty = ({ subject }) => subject === 's-1';
    await expect(compliance.tickDuties(operator)).rejects.toThrow('pager');
    expect((await display.duties('branch-report'))[0]).toMatchObject({ missedOn: '2026-02-12' });
    expect(display.told.map(({ subject }) => subject)).toContain('b-1');
  });

  it('is told again under the same id', async () => {
    await compliance.openDuty(officer, { clock: 'branch-report', subject: 'b-1', startedOn: '2026-02-05' });
    const ids: string[] = [];
    display.broken.duty = ({ id, subject }) => {
      if (subject === 'b-1') ids.push(id);
      return subject === 'b-1' && ids.length === 1;
    };
    await expect(compliance.tickDuties(operator)).rejects.toThrow('pager');
    await display.days(1);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
  });

  it('hears once of what two ticks found at once', async () => {
    await compliance.openDuty(officer, { clock: 'branch-report', subject: 'b-1', startedOn: '2026-01-01' });
    const [one, other] = await Promise.all([compliance.tickDuties(operator), compliance.tickDuties(operator)]);
    expect(one.missed + other.missed).toBe(1);
    expect(display.told.filter(({ subject, state }) => subject === 'b-1' && state === 'missed')).toHaveLength(1);
  });
});

describe('after the job was down', () => {
  it('every day without a capture is on record, however many', async () => {
    display.clock.advance(60 * DAY_MS);
    await compliance.tickDuties(operator);
    expect((await display.duties('home-page-display')).filter(({ missedOn }) => missedOn !== undefined)).toHaveLength(60);
  });

  it('a proof that came late has not undone the miss before it', async () => {
    const logs = { kind: 'log-retention', oldestLog: '2025-01-01', ...PROOF };
    await compliance.recordSecurityProof(officer, { ...logs, on: '2026-02-12' });
    display.clock.set('2026-08-16T02:00:00.000Z');
    await compliance.recordSecurityProof(officer, { ...logs, on: '2026-08-16' });
    await compliance.tickDuties(operator);
    expect((await display.duties('log-proof')).map(({ dueOn, late, missedOn }) => [dueOn, late, missedOn])).toEqual([
      ['2026-08-12', true, '2026-08-16'],
      ['2027-02-16', undefined, undefined],
    ]);
  });

  it('nor has a late look at an app, nor a late receipt of an old change', async () => {
    const moved = { ...DISPLAY, legalRepresentative: '样例', homePages: [APP] };
    const [change] = (await compliance.setDisclosure(officer, { ...moved, registration: { completedOn: '2026-02-12', ...PROOF } })).changes;
    await compliance.recordSighting(officer, { page: 'app', missing: [], ...PROOF });
    display.clock.advance(450 * DAY_MS);
    await compliance.recordSighting(officer, { page: 'app', missing: [], ...PROOF });
    await compliance.recordChangeReceipt(officer, change?.id ?? '', { on: '2027-05-01', ...PROOF });
    await compliance.tickDuties(operator);
    expect((await display.duties('app-display'))[0]).toMatchObject({ dueOn: '2026-03-14', late: true, missedOn: '2027-05-08' });
    expect((await display.duties('change-report'))[0]).toMatchObject({ state: 'discharged', late: true, missedOn: '2027-05-08' });
  });
});

describe('a home page', () => {
  it('was not missed before it was named, and what was missed stays when it is taken out', async () => {
    await display.days(20, async () => {
      await compliance.checkHomePages(officer);
      await compliance.tickDuties(operator);
    });
    const shop = { id: 'shop', kind: 'web', url: 'https://jobs.example/shop' };
    await compliance.setDisclosure(officer, { ...DISPLAY, homePages: [...DISPLAY.homePages, shop] });
    display.clock.advance(2 * DAY_MS);
    await compliance.setDisclosure(officer, DISPLAY);
    await display.days(3);
    const missed = (await display.duties('home-page-display')).filter(
      ({ subject, missedOn }) => subject.startsWith('shop') && missedOn !== undefined,
    );
    expect(missed.map(({ subject }) => subject)).toEqual(['shop:2026-03-04', 'shop:2026-03-05']);
  });

  it('of an app is not missed once the service has ended', async () => {
    await compliance.setDisclosure(officer, { ...DISPLAY, homePages: [...DISPLAY.homePages, APP] });
    await compliance.announceEnding(officer, { endsOn: '2026-03-15', notice: NOTICE });
    await display.show();
    await display.days(5, () => compliance.checkHomePages(officer));
    await compliance.recordSighting(officer, { page: 'app', missing: [], ...PROOF });
    await display.days(26, async () => {
      await compliance.tickDuties(operator);
      await compliance.checkHomePages(officer);
    });
    await compliance.endService(officer);
    await display.days(20);
    expect((await display.duties('app-display')).filter(({ state }) => state === 'missed')).toEqual([]);
  });
});

describe('an order to correct', () => {
  const order = {
    order: 'ORDER-2026-1',
    sha256: PROOF.sha256,
    authority: '示例市人力资源和社会保障局',
    receivedOn: '2026-02-12',
    dueOn: '2026-02-22',
    articles: ['O44-13.1'],
    matter: '首页未公示监督电话',
  };
  const step = (id: string, name: string, on: string) => compliance.recordRectificationStep(officer, id, { step: name, on, ...PROOF });

  it('handed in in time stays so when a further paper follows', async () => {
    const { id } = await compliance.openRectification(officer, order);
    await step(id, 'action', '2026-02-12');
    await step(id, 'sent', '2026-02-12');
    display.clock.advance(20 * DAY_MS);
    expect(await step(id, 'sent', '2026-03-03')).toMatchObject({ state: 'sent', late: false });
  });

  it('sent back and handed in late again is a miss, though nobody looked in between', async () => {
    const { id } = await compliance.openRectification(officer, order);
    await step(id, 'action', '2026-02-12');
    await step(id, 'sent', '2026-02-12');
    await display.days(1);
    display.clock.advance(10 * DAY_MS);
    await step(id, 'refused', '2026-02-20');
    await step(id, 'sent', '2026-02-23');
    await compliance.tickDuties(operator);
    expect((await display.duties('rectification'))[0]).toMatchObject({ late: true, missedOn: '2026-02-23' });
  });
});

it('is not lost while a profile says for a while that it does not bind', async () => {
  await compliance.openDuty(officer, { clock: 'branch-report', subject: 'b-1', startedOn: '2026-02-12' });
  const { licence: _licence, ...rest } = OPERATOR;
  await compliance.setOperator(operator, { ...rest, agencyType: 'public' });
  await display.days(20);
  await compliance.setOperator(operator, OPERATOR);
  await compliance.tickDuties(operator);
  expect((await display.duties('branch-report'))[0]).toMatchObject({ state: 'missed', missedOn: '2026-03-04' });
});
