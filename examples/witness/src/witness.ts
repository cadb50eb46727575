import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';

import { openCheckpoint, verifyConsistency } from '@zhengpin/core';
import type { Checkpoint, Clock, Cosigner } from '@zhengpin/core';

import type { WitnessRecord } from './record.ts';

/** A witness: its key, its memory, and whose logs it watches. */
export interface Witness {
  readonly cosigner: Cosigner;
  readonly record: WitnessRecord;
  /** Verifier keys by origin; two while a log changes its key. */
  readonly logs: Readonly<Record<string, readonly string[]>>;
  readonly clock: Clock;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const TEXT = 'text/plain; charset=utf-8';
const MOST_BYTES = 65_536;
const MOST_PROOF = 63;
const HASH = /^[A-Za-z0-9+/]{43}=$/;
const OLD = /^old (0|[1-9]\d{0,15})$/;
const EMPTY_ROOT = createHash('sha256').digest();

function say(status: number, body: string): Answer {
  return { status, contentType: TEXT, body: `${body}\n` };
}

interface Asked {
  readonly old: number;
  readonly proof: readonly Buffer[];
  readonly note: string;
}

function parse(body: string): Asked | undefined {
  const cut = body.indexOf('\n\n');
  const [first = '', ...lines] = body.slice(0, Math.max(0, cut)).split('\n');
  const old = OLD.exec(first)?.[1];
  if (old === undefined || lines.length > MOST_PROOF || !lines.every((line) => HASH.test(line))) return undefined;
  return { old: Number(old), proof: lines.map((line) => Buffer.from(line, 'base64')), note: body.slice(cut + 2) };
}

function opened(note: string, vkeys: readonly string[]): Checkpoint | undefined {
  for (const vkey of vkeys) {
    const checkpoint = openCheckpoint(note, vkey);
    if (checkpoint) return checkpoint;
  }
  return undefined;
}

function continues(seen: { readonly size: number; readonly root: string }, next: Checkpoint, proof: readonly Buffer[]): boolean {
  const root = Buffer.from(next.root, 'base64');
  if (seen.size > 0) return verifyConsistency(seen.size, next.size, Buffer.from(seen.root, 'base64'), root, proof);
  return proof.length === 0 && (next.size > 0 || root.equals(EMPTY_ROOT));
}

/** One call of `add-checkpoint` (C2SP tlog-witness): the checks in the order that document has them. */
export function addCheckpoint({ cosigner, record, logs, clock }: Witness, body: string): Answer {
  const asked = parse(body);
  if (asked === undefined) return say(400, 'not an add-checkpoint request');
  const { old, proof, note } = asked;
  const origin = note.slice(0, Math.max(0, note.indexOf('\n')));
  const vkeys = Object.hasOwn(logs, origin) ? logs[origin] : undefined;
  if (vkeys === undefined) return say(404, 'no log of that origin is watched here');
  const next = opened(note, vkeys);
  if (next === undefined) return say(403, 'no signature of a key trusted for that origin');
  if (!HASH.test(next.root) || old > next.size) return say(400, 'not a checkpoint, or older than the old size');
  const seen = record.seen(origin);
  if (seen.size !== old) return { status: 409, contentType: 'text/x.tlog.size', body: `${seen.size}\n` };
  const now = clock.now();
  if (seen.size === next.size && seen.root !== '' && seen.root !== next.root) {
    record.keepContradiction(new Date(now).toISOString(), origin, body);
    return say(409, 'another root was cosigned for this size');
  }
  if (!continues(seen, next, proof)) {
    record.keepContradiction(new Date(now).toISOString(), origin, body);
    return say(422, 'the proof does not show that this checkpoint continues the last one');
  }
  const to = { size: next.size, root: next.root };
  if (!record.advance(origin, seen, to, note))
    return { status: 409, contentType: 'text/x.tlog.size', body: `${record.seen(origin).size}\n` };
  // On disk by now: from here on nothing else will be cosigned.
  return { status: 200, contentType: TEXT, body: cosigner.cosign(note, Math.floor(now / 1000)) };
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) return undefined;
    length += part.length;
    if (length > MOST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function answer(witness: Witness, request: IncomingMessage): Promise<Answer> {
  const { record } = witness;
  const path = request.url?.split('?')[0] ?? '';
  if (path === '/' && request.method === 'GET') {
    const origins = Object.keys(witness.logs).map(
      (origin) => `${origin} ${record.seen(origin).size} entries, ${record.contradictions(origin)} contradictions`,
    );
    return say(200, [witness.cosigner.vkey, ...origins].join('\n'));
  }
  if (path !== '/add-checkpoint') return say(404, 'POST /add-checkpoint');
  if (request.method !== 'POST') return say(405, 'POST /add-checkpoint');
  const body = await read(request);
  return body === undefined ? say(413, 'too long for a checkpoint') : addCheckpoint(witness, body);
}

/** A witness over HTTP. `GET /` gives its verifier key and how far it has seen each log. */
export function witnessListener(witness: Witness): RequestListener {
  return (request, response) => {
    answer(witness, request)
      .catch(() => say(500, 'internal error'))
      .then(({ status, contentType, body }) => response.writeHead(status, { 'content-type': contentType }).end(body))
      .catch(() => response.destroy());
  };
}
