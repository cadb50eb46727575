import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

it('refuses a sex limit and queues a lawful posting, started as its README line says', async () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const server = spawn(process.execPath, ['--conditions=@zhengpin/source', 'src/main.ts'], {
    cwd,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const chunk of server.stdout) {
    printed += String(chunk);
    if (/employer: .+\n/.test(printed)) break;
  }
  const token = /Bearer (\S+)/.exec(printed)?.[1] ?? '';
  const [, name, uscc] = /employer: (\S+) (\S+)/.exec(printed) ?? [];
  const posting = {
    title: '装配工',
    accountType: 'employer-direct',
    employer: { name, uscc },
    headcount: 3,
    requirements: '能看懂图纸',
    workContent: '产线装配',
    workingConditions: '两班制，缴纳五险',
    place: { city: '示例市' },
    pay: { minFen: 600000, maxFen: 800000, unit: 'month' },
    employmentType: 'full-time',
    validity: { reconfirmEveryDays: 30 },
    source: { kind: 'original' },
  };
  const send = (body: object) =>
    fetch(`http://127.0.0.1:${port}/jobs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const lawful = await send(posting);
  const refused = await send({ ...posting, requirements: '限男性，能看懂图纸' });
  expect([lawful.status, refused.status]).toEqual([202, 422]);
  expect(await refused.json()).toMatchObject({ code: 'ZP_SCREENING_BLOCKED', findings: [{ ground: 'gender' }] });
  server.kill();
  await once(server, 'exit');
});
