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

describe('commands about what binds the operator', () => {
  let server: Server | undefined;
  const asked: { readonly method: string; readonly url: string; readonly body: string }[] = [];
  afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

  async function zhengpin(answer: object | string, ...args: readonly string[]) {
    asked.length = 0;
    server?.close();
    server = createServer((req, res) => {
      let body = '';
      req.on('data', (chunk: Buffer) => (body += chunk.toString()));
      req.on('end', () => {
        asked.push({ method: req.method ?? '', url: req.url ?? '', body });
        res.writeHead(200).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/compliance`;
    const w = world();
    const code = await run([...args, '--url', url, '--token-file', tokenFile], w.io);
    return { code, out: w.out(), err: w.err(), sent: asked[0] };
  }

  const file = (content: string): string => {
    const path = join(temporary(), 'body.json');
    writeFileSync(path, content);
    return path;
  };

  it.each<[readonly string[], string, string]>([
    [['disclosure', 'show'], 'GET', '/compliance/disclosure'],
    [['disclosure', 'end'], 'POST', '/compliance/ending/completion'],
    [['fees', 'charges'], 'GET', '/compliance/charges?limit=100'],
    [['agreement', 'comments', 'main:agreement:000001'], 'GET', '/compliance/rules/main%3Aagreement%3A000001/comments?limit=100'],
    [['supervision', 'orders'], 'GET', '/compliance/rectifications?limit=100'],
  ])('%s asks one route', async (args, method, url) => {
    const { code, sent } = await zhengpin({}, ...args);
    expect([code, sent?.method, sent?.url]).toEqual([EXIT.ok, method, url]);
  });

  it('writes what stands in a file, and nothing of one that is no JSON or not there', async () => {
    const { sent } = await zhengpin({ version: 2 }, 'disclosure', 'set', '--file', file('{"name":"示例"}'));
    expect([sent?.method, sent?.url, sent?.body]).toEqual(['PUT', '/compliance/disclosure', '{"name":"示例"}']);
    for (const bad of [file('{'), file('"text"'), join(temporary(), 'none.json')]) {
      const { code, sent: none } = await zhengpin({}, 'fees', 'publish', '--file', bad);
      expect(code).not.toBe(EXIT.ok);
      expect(none).toBeUndefined();
    }
    expect((await zhengpin({}, 'fees', 'publish')).code).toBe(EXIT.usage);
  });

  it.each<[string, readonly string[], object, object]>([
    ['a home page with a gap', ['disclosure', 'check'], { items: [{ ok: false }] }, { items: [{ ok: true }] }],
    ['a charge that is refused', ['fees', 'charge', '--file', 'F'], { allowed: false }, { allowed: true }],
    ['payments that differ', ['fees', 'reconcile', '--file', 'F'], { total: 1 }, { total: 0 }],
    ['a term that looks unfair', ['agreement', 'propose', '--file', 'F'], { warnings: [{}] }, { warnings: [] }],
    ['a proof that is missing', ['supervision', 'security'], { kinds: [{ missing: true }] }, { kinds: [{ missing: false }] }],
  ])('ends with 2 for %s', async (_what, args, found, none) => {
    const given = args.map((arg) => (arg === 'F' ? file('{}') : arg));
    expect((await zhengpin(found, ...given)).code).toBe(EXIT.finding);
    expect((await zhengpin(none, ...given)).code).toBe(EXIT.ok);
  });

  it('prints a page as it comes, in the language asked for', async () => {
    const { code, out, sent } = await zhengpin('<!doctype html>', 'supervision', 'dossier', 'r-1', '--lang', 'en');
    expect([code, out, sent?.url]).toEqual([EXIT.ok, '<!doctype html>', '/compliance/rectifications/r-1/dossier?lang=en']);
    expect((await zhengpin('', 'disclosure', 'report', 'c-1', '--lang', 'de')).code).toBe(EXIT.usage);
  });
});
