import { createLocalJWKSet, createRemoteJWKSet, errors, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';

import { sha256Hex } from './canonical.ts';
import type { Clock } from './clock.ts';
import { ComplianceError } from './errors.ts';

/** Roles an actor can hold (角色); one a token, so that duties stay apart. */
export const ROLES = ['employer', 'agency', 'reviewer', 'compliance-officer', 'auditor', 'inspector', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Who acts (行为人): an opaque account id, never a name, number or address. */
export interface Actor {
  readonly id: string;
  readonly tenant: string;
  readonly role: Role;
  /** The organisation an employer or agency account belongs to. */
  readonly organisation?: string;
}

export interface IdentityOptions {
  /** Where verification keys come from: a JWKS URL (https, or http on loopback) or a local key set. */
  readonly keys: { readonly jwksUrl: string } | { readonly jwks: JSONWebKeySet };
  readonly issuer: string;
  readonly audience: string;
  /** Allowed signature algorithms, e.g. `['EdDSA']`; symmetric ones and `none` are refused. */
  readonly algorithms: readonly string[];
}

export interface Identity {
  /** @throws ZP_TOKEN_INVALID; ZP_STORE_UNAVAILABLE when the key set cannot be fetched (fail closed). */
  verify(token: string): Promise<Actor>;
}

const OPAQUE_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;
const PERSONAL_DIGITS = /1[3-9]\d{9}|\d{17}[\dXx]/;
const ASYMMETRIC = new Set(['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512']);
const CACHE_ENTRIES = 10_000;
const CACHE_MS = 60_000;

/** True for an identifier that can stand in evidence: opaque, short, and not a phone or identity number. */
export function isOpaqueId(value: unknown): value is string {
  return typeof value === 'string' && OPAQUE_ID.test(value) && !PERSONAL_DIGITS.test(value);
}

function invalid(zh: string, en: string, cause?: unknown): ComplianceError {
  return new ComplianceError('ZP_TOKEN_INVALID', { detail: { zh, en }, cause });
}

function optionInvalid(name: string, why: string): ComplianceError {
  return new ComplianceError('ZP_OPTION_INVALID', { detail: { zh: `identity.${name} 无效`, en: `identity.${name}: ${why}` } });
}

function keySource(keys: IdentityOptions['keys']): JWTVerifyGetKey {
  if ('jwks' in keys) return createLocalJWKSet(keys.jwks);
  const url = new URL(keys.jwksUrl);
  const loopback = url.hostname === '127.0.0.1' || url.hostname === '[::1]' || url.hostname === 'localhost';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw optionInvalid('keys.jwksUrl', 'https is required outside loopback');
  }
  return createRemoteJWKSet(url);
}

function actorOf(claims: { readonly [claim: string]: unknown }): Actor {
  const { sub, tenant, role, organisation } = claims;
  if (!isOpaqueId(sub)) throw invalid('sub 须为不含个人信息的账号标识', 'sub must be an opaque account id without personal information');
  if (!isOpaqueId(tenant)) throw invalid('缺少 tenant 声明', 'the tenant claim is missing or malformed');
  const known = ROLES.find((name) => name === role);
  if (known === undefined) throw invalid('role 声明未知', 'the role claim is missing or unknown');
  const needsOrganisation = known === 'employer' || known === 'agency';
  if (needsOrganisation !== (organisation !== undefined) || (needsOrganisation && !isOpaqueId(organisation))) {
    throw invalid('organisation 声明与角色不符', 'employer and agency tokens carry an organisation, others none');
  }
  return { id: sub, tenant, role: known, ...(isOpaqueId(organisation) ? { organisation } : {}) };
}

/**
 * Verifies access tokens (访问令牌校验) as JWT with the issuer's public keys; issuer, audience and algorithms are required.
 * A verified token is remembered by its digest for at most a minute and never past its own expiry.
 * @throws ZP_OPTION_INVALID for an incomplete or unsafe configuration.
 */
export function createIdentity(options: IdentityOptions, clock: Clock): Identity {
  if (options.issuer === '') throw optionInvalid('issuer', 'required');
  if (options.audience === '') throw optionInvalid('audience', 'required');
  if (options.algorithms.length === 0) throw optionInvalid('algorithms', 'at least one');
  for (const name of options.algorithms) {
    if (!ASYMMETRIC.has(name)) throw optionInvalid('algorithms', `${name} is not an asymmetric signature`);
  }
  const getKey = keySource(options.keys);
  const cache = new Map<string, { readonly actor: Actor; readonly until: number }>();

  return {
    async verify(token) {
      const now = clock.now();
      const digest = sha256Hex(token);
      const known = cache.get(digest);
      if (known !== undefined && now < known.until) return known.actor;
      cache.delete(digest);
      const { payload } = await jwtVerify(token, getKey, {
        issuer: options.issuer,
        audience: options.audience,
        algorithms: [...options.algorithms],
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(now),
      }).catch((error: unknown) => {
        // Only these say something about the token; anything else means its keys could not be had.
        const aboutToken = error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC' && !(error instanceof errors.JWKSTimeout);
        if (!aboutToken && 'jwksUrl' in options.keys) {
          throw new ComplianceError('ZP_STORE_UNAVAILABLE', {
            detail: { zh: '无法取得令牌公钥', en: 'The token keys cannot be fetched' },
            cause: error,
          });
        }
        throw invalid('令牌校验未通过', 'The token does not verify', error);
      });
      const actor = actorOf(payload);
      if (cache.size >= CACHE_ENTRIES) cache.clear();
      cache.set(digest, { actor, until: Math.min(now + CACHE_MS, (payload.exp ?? 0) * 1000) });
      return actor;
    },
  };
}

export interface DevelopmentIssuer {
  /** Options for {@link createIdentity} that accept this issuer's tokens. */
  readonly identity: IdentityOptions;
  /** Mint a token for an actor; `hours` defaults to 12. */
  mint(actor: Actor, hours?: number): Promise<string>;
}

/**
 * A token issuer for development (开发用签发器): fresh keys in memory, gone with the process.
 * @throws ZP_DEVELOPMENT_ONLY when `NODE_ENV` is `production`.
 */
export async function createDevelopmentIssuer(clock: Clock): Promise<DevelopmentIssuer> {
  if (process.env['NODE_ENV'] === 'production') throw new ComplianceError('ZP_DEVELOPMENT_ONLY');
  const { publicKey, privateKey } = await generateKeyPair('EdDSA');
  const issuer = 'https://development.invalid/';
  const audience = 'zhengpin-development';
  return {
    identity: { keys: { jwks: { keys: [await exportJWK(publicKey)] } }, issuer, audience, algorithms: ['EdDSA'] },
    mint(actor, hours = 12) {
      const { id, ...claims } = actor;
      const now = Math.floor(clock.now() / 1000);
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'EdDSA' })
        .setSubject(id)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(now)
        .setExpirationTime(now + hours * 3600)
        .sign(privateKey);
    },
  };
}
