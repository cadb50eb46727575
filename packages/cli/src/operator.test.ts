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

  /** Status of the answers. */
  let status = 200;

  async function zhengpin(answer: object | string, ...args: readonly string[]) {
    asked.length = 0;
    server?.close();
    server = createServer((req, res) => {
      let body = '';
      req.on('data', (chunk: Buffer) => (body += chunk.toString()));
      req.on('end', () => {
        asked.push({ method: req.method ?? '', url: req.url ?? '', body });
        res.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
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
    [['fees', 'withdraw', 'main:000002', '--file', 'F'], 'POST', '/compliance/price-lists/main%3A000002/withdrawal'],
    [['fees', 'charges'], 'GET', '/compliance/charges?limit=100'],
    [['agreement', 'comments', 'main:agreement:000001'], 'GET', '/compliance/rules/main%3Aagreement%3A000001/comments?limit=100'],
    [['supervision', 'orders'], 'GET', '/compliance/rectifications?limit=100'],
  ])('%s asks one route', async (args, method, url) => {
    const { code, sent } = await zhengpin({}, ...args.map((arg) => (arg === 'F' ? file('{}') : arg)));
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

  it.each<[readonly string[], readonly (object | string)[]]>([
    [
      ['fees', 'charge', '--file', 'F'],
      [{}, { allowed: 'true' }],
    ],
    [
      ['fees', 'reconcile', '--file', 'F'],
      [{}, { total: '0' }],
    ],
    [['fees', 'publish', '--file', 'F'], []],
    [
      ['disclosure', 'check'],
      [{}, { items: [{}] }, { items: [null] }],
    ],
    [
      ['agreement', 'propose', '--file', 'F'],
      [{}, { warnings: {} }],
    ],
    [
      ['supervision', 'security'],
      [{}, { kinds: [{ missing: 'no' }] }],
    ],
  ])('%s does not end well on an answer that is none', async (args, more) => {
    const given = args.map((arg) => (arg === 'F' ? file('{}') : arg));
    for (const answer of ['<!doctype html><title>Sign in</title>', '[]', 'null', '1', '', ...more])
      expect((await zhengpin(answer, ...given)).code, JSON.stringify(answer)).toBe(EXIT.environment);
  });

  it('writes JSON that moves no cursor and turns no text, and is the same JSON', async () => {
    const said = { a: 'x\u009b2Jy\u202Ez\u001b[2J\u{E0001}\u2028' };
    const { code, out } = await zhengpin(said, 'fees', 'lists', '--json');
    expect(code).toBe(EXIT.ok);
    expect(out).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(JSON.parse(out)).toEqual(said);
  });

  it('tells a refusal also where its findings have another form', async () => {
    const title = { zh: '不得收取押金', en: 'No deposit' };
    const findings = [null, 1, {}, { pointer: '/a', title: {}, advice: null }, { pointer: '/items/0', title, advice: title }];
    status = 422;
    const { code, err } = await zhengpin({ code: 'ZP_INPUT_INVALID', detail: 'x', findings }, 'fees', 'publish', '--file', file('{}'));
    status = 200;
    expect([code, err]).toEqual([EXIT.usage, expect.stringMatching(/^ZP_INPUT_INVALID[^]*\/items\/0 不得收取押金/u)]);
    expect(err.trim().split('\n')).toHaveLength(3);
  });

  it('asks nothing for an id that is no step of a path, nor at an address with a fragment or query', async () => {
    for (const id of ['..', '.', '']) expect((await zhengpin({}, 'agreement', 'comments', id)).sent, id).toBeUndefined();
    for (const end of ['#', '/#/x', '?', '?a=1']) {
      const w = world();
      const code = await run(['fees', 'lists', '--url', `http://127.0.0.1:9/compliance${end}`, '--token-file', tokenFile], w.io);
      expect(code, end).toBe(EXIT.usage);
    }
  });

  it('prints a page as it comes, in the language asked for', async () => {
    const { code, out, sent } = await zhengpin('<!doctype html>', 'supervision', 'dossier', 'r-1', '--lang', 'en');
    expect([code, out, sent?.url]).toEqual([EXIT.ok, '<!doctype html>', '/compliance/rectifications/r-1/dossier?lang=en']);
    expect((await zhengpin('', 'disclosure', 'report', 'c-1', '--lang', 'de')).code).toBe(EXIT.usage);
  });
});
