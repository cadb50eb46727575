import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { createTestClock } from './clock.ts';
import { createDevelopmentIssuer, createIdentity } from './identity.ts';
import type { Actor } from './identity.ts';

const START = '2026-11-24T00:00:00.000Z';
const reviewer: Actor = { id: 'acct-7', tenant: 'main', role: 'reviewer' };
const refused = { code: 'ZP_TOKEN_INVALID' };

async function setUp() {
  const clock = createTestClock(START);
  const issuer = await createDevelopmentIssuer(clock);
  return { clock, issuer, identity: createIdentity(issuer.identity, clock) };
}

afterEach(() => vi.unstubAllEnvs());

describe('identity', () => {
  it('reads the actor from a token of the issuer, twice the same', async () => {
    const { issuer, identity } = await setUp();
    const token = await issuer.mint(reviewer);
    expect(await identity.verify(token)).toEqual(reviewer);
    expect(await identity.verify(token)).toEqual(reviewer);
  });

  it('refuses a remembered token once it has expired', async () => {
    const { clock, issuer, identity } = await setUp();
    const token = await issuer.mint(reviewer, 1);
    await identity.verify(token);
    clock.advance(3600_000 + 1000);
    await expect(identity.verify(token)).rejects.toMatchObject(refused);
  });

  it('refuses tokens of another key, issuer or audience, unsigned ones and garbage', async () => {
    const { issuer, identity } = await setUp();
    const foreign = await createDevelopmentIssuer(createTestClock(START));
    await expect(identity.verify(await foreign.mint(reviewer))).rejects.toMatchObject(refused);
    const token = await issuer.mint(reviewer);
    for (const change of [{ issuer: 'https://other.example/' }, { audience: 'other' }]) {
      const strict = createIdentity({ ...issuer.identity, ...change }, createTestClock(START));
      await expect(strict.verify(token)).rejects.toMatchObject(refused);
    }
    const [, payload] = token.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const bad of ['', 'a.b.c', `${none}.${payload ?? ''}.`]) await expect(identity.verify(bad)).rejects.toMatchObject(refused);
  });

  it('refuses subjects that carry personal information, unknown roles and organisations out of place', async () => {
    const { issuer, identity } = await setUp();
    const organisation = 'org-1';
    for (const actor of [
      { ...reviewer, id: 'u13800000000' },
      { ...reviewer, id: 'someone@example.com' },
      { ...reviewer, organisation },
      { ...reviewer, role: 'employer' as const },
    ]) {
      await expect(identity.verify(await issuer.mint(actor))).rejects.toMatchObject(refused);
    }
    const { privateKey, publicKey } = await generateKeyPair('EdDSA');
    const own = createIdentity({ ...issuer.identity, keys: { jwks: { keys: [await exportJWK(publicKey)] } } }, createTestClock(START));
    const token = await new SignJWT({ tenant: 'main', role: 'root' })
      .setProtectedHeader({ alg: 'EdDSA' })
      .setSubject('acct-7')
      .setIssuer(issuer.identity.issuer)
      .setAudience(issuer.identity.audience)
      .setExpirationTime(Date.parse(START) / 1000 + 60)
      .sign(privateKey);
    await expect(own.verify(token)).rejects.toMatchObject(refused);
  });

  it('refuses to be built without issuer, audience or algorithms, with shared secrets, or over plain http', async () => {
    const { clock, issuer } = await setUp();
    for (const change of [
      { issuer: '' },
      { audience: '' },
      { algorithms: [] },
      { algorithms: ['HS256'] },
      { algorithms: ['none'] },
      { keys: { jwksUrl: 'http://keys.example/jwks' } },
    ]) {
      expect(() => createIdentity({ ...issuer.identity, ...change }, clock)).toThrow(/ZP_OPTION_INVALID/);
    }
  });

  it('takes keys from a JWKS address, and says the keys are unreachable rather than the token bad', async () => {
    const { clock, issuer } = await setUp();
    let mode: 'up' | 'error' | 'garbage' = 'up';
    const keys = 'jwks' in issuer.identity.keys ? issuer.identity.keys.jwks : undefined;
    const server = createServer((_req, res) => {
      if (mode === 'up') res.setHeader('content-type', 'application/json').end(JSON.stringify(keys));
      else if (mode === 'error') res.writeHead(500).end();
      else res.end('<html>');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    const remote = () => createIdentity({ ...issuer.identity, keys: { jwksUrl } }, clock);
    const token = await issuer.mint({ id: 'r', tenant: 'main', role: 'reviewer' });
    expect(await remote().verify(token)).toMatchObject({ id: 'r' });
    await expect(remote().verify(`${token.slice(0, -4)}AAAA`)).rejects.toMatchObject({ code: 'ZP_TOKEN_INVALID' });
    for (mode of ['error', 'garbage'] as const)
      await expect(remote().verify(token), mode).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
    server.close();
    server.closeAllConnections();
    await expect(remote().verify(token)).rejects.toMatchObject({ code: 'ZP_STORE_UNAVAILABLE' });
  });

  it('has no development issuer in production', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await expect(createDevelopmentIssuer(createTestClock(START))).rejects.toMatchObject({ code: 'ZP_DEVELOPMENT_ONLY' });
  });
});
