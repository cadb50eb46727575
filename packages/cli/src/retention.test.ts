import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { temporary, world } from '../test/world.ts';
import { EXIT } from './io.ts';
import { run } from './program.ts';

const tokenFile = join(temporary(), 'token');
writeFileSync(tokenFile, 'not-a-real-token\n', { mode: 0o600 });

describe('zhengpin retention, where there is no platform to talk to', () => {
  let server: Server | undefined;
  afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

  async function serve(status: number, body: string): Promise<string> {
    server = createServer((_req, res) => res.writeHead(status, { 'content-type': 'text/html' }).end(body));
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/compliance`;
  }

  it.each(['http://platform.example/compliance', 'ftp://127.0.0.1/', 'platform.example', 'https://user@platform.example/'])(
    'sends no token to %s',
    async (url) => {
      const { io, err } = world();
      expect(await run(['retention', 'holds', '--url', url, '--token-file', tokenFile], io)).toBe(EXIT.usage);
      expect(err()).toContain('https');
    },
  );

  it('asks for a token, and reads none from the arguments', async () => {
    const { io, err } = world();
    expect(await run(['retention', 'holds', '--url', 'http://127.0.0.1:9/'], io)).toBe(EXIT.usage);
    expect(err()).toContain('ZHENGPIN_TOKEN');
    const missing = world();
    expect(await run(['retention', 'holds', '--url', 'http://127.0.0.1:9/', '--token-file', join(temporary(), 'none')], missing.io)).toBe(
      EXIT.environment,
    );
  });

  it('says that a server is away, or is not the platform, without its words', async () => {
    const away = world();
    expect(await run(['retention', 'holds', '--url', 'http://127.0.0.1:9/', '--token-file', tokenFile], away.io)).toBe(EXIT.environment);
    expect(away.err()).toContain('127.0.0.1:9');
    const other = world();
    const url = await serve(502, '<h1>\u001b[31mbad gateway</h1>');
    expect(await run(['retention', 'holds', '--url', url, '--token-file', tokenFile], other.io)).toBe(EXIT.environment);
    expect(other.err()).toContain('502');
    expect(other.err()).not.toContain('bad gateway');
  });

  it('takes one of a posting and an organisation, and a cap that is a number', async () => {
    for (const args of [['find'], ['find', '--posting', 'p', '--organisation', 'o'], ['plan', '--cap', 'many']]) {
      const { io } = world();
      expect(await run(['retention', ...args, '--url', 'http://127.0.0.1:9/', '--token-file', tokenFile], io), args.join(' ')).toBe(
        EXIT.usage,
      );
    }
  });

  it('prints triggers for a table of the host, for a database it knows and plain names only', async () => {
    const triggers = (dialect: string, table: string): readonly string[] => [
      'retention',
      'triggers',
      '--dialect',
      dialect,
      '--table',
      table,
      '--column',
      'posting',
      '--tenant',
      'main',
    ];
    for (const dialect of ['postgres', 'mysql', 'sqlite']) {
      const { io, out } = world();
      expect(await run(triggers(dialect, 'applications'), io), dialect).toBe(EXIT.ok);
      expect(out()).toContain('zp_retained_applications');
      expect(out()).toContain('ZP_RETAINED');
    }
    for (const args of [triggers('oracle', 'applications'), triggers('sqlite', 'a"b')]) {
      const { io, out } = world();
      expect(await run(args, io)).toBe(EXIT.usage);
      expect(out()).toBe('');
    }
  });
});
