import { setTimeout as sleep } from 'node:timers/promises';

import { ComplianceError } from '../kernel/errors.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Actor } from '../kernel/identity.ts';
import type { Store } from '../kernel/store.ts';
import { anchorRows } from './anchors/rows.ts';
import { anchorStates } from './anchors/state.ts';
import type { AnchorState } from './anchors/state.ts';
import { seqOf } from './inbox.ts';
import { rowId } from './stored.ts';
import type { EvidenceLog, InclusionReceipt } from './log.ts';
import { readTreeFile } from './tiles/serve.ts';
import type { TreeFile } from './tiles/serve.ts';

/** Proofs an outsider can check with the verifier key (对外证明). */
export interface EvidenceReads {
  readonly vkey: string;
  /** Verifier keys of every key that signs now: more than one while keys are being changed. */
  readonly vkeys: readonly string[];
  /**
   * The newest signed checkpoint of the actor's log, with the signatures of the witnesses that have seen it.
   * @param which `witnessed`: the newest that a witness has signed. Default `newest`
   * @throws ZP_NOT_FOUND while there is none
   */
  checkpoint(actor: Actor, which?: 'newest' | 'witnessed'): Promise<string>;
  /** How far the anchors outside have come with the actor's log, and what is wrong with them. */
  anchors(actor: Actor): Promise<readonly AnchorState[]>;
  /** One entry with its inclusion proof. @throws ZP_NOT_FOUND */
  inclusion(actor: Actor, seq: number): Promise<InclusionReceipt>;
  /** Proof that the log of size `first` is a prefix of today's. @throws ZP_NOT_FOUND */
  consistency(actor: Actor, first: number): Promise<{ readonly checkpoint: string; readonly proof: readonly string[] }>;
  /**
   * The entry that wrote a decision as it is now, with its inclusion proof. What was decided is durable at once; where
   * another process numbers entries the proof may take moments.
   * @param waitMs how long to wait for the number, in ms. Default 0
   * @throws ZP_NOT_FOUND for an unknown decision, or one whose entry has no number yet
   */
  receipt(actor: Actor, decision: string, waitMs?: number): Promise<InclusionReceipt>;
  /**
   * A file of the actor's log in the form of C2SP tlog-tiles (日志文件): `checkpoint`, `vkeys`, `tile/…`.
   * @throws ZP_NOT_FOUND for a path the log does not have
   */
  file(actor: Actor, path: string): Promise<TreeFile>;
  /** The same of a log that its operator shows to everybody: whoever calls this has decided so. @throws ZP_NOT_FOUND */
  publicFile(tenant: string, path: string): Promise<TreeFile>;
}

const MOST_WAIT_MS = 30_000;
const LOOK_MS = 50;

async function fileOf(store: Store, tenant: string, path: string): Promise<TreeFile> {
  const file = await readTreeFile(store, tenant, path);
  if (file === undefined) throw new ComplianceError('ZP_NOT_FOUND');
  return file;
}

/** A checkpoint as it is kept, with what was added to its signatures. */
async function signedNote(store: Store, tenant: string, size: number): Promise<string | undefined> {
  const note = (await store.get('checkpoints', rowId(tenant, size)))?.body['note'];
  return typeof note === 'string' ? note : undefined;
}

/** @param permit throws for an actor who may not read evidence */
export function createEvidenceReads(store: Store, log: EvidenceLog, clock: Clock, permit: (actor: Actor) => void): EvidenceReads {
  return {
    vkey: log.vkey,
    vkeys: log.vkeys,
    async checkpoint(actor, which = 'newest') {
      permit(actor);
      const { checkpoint, size } = await log.head(actor.tenant);
      if (checkpoint === '') throw new ComplianceError('ZP_NOT_FOUND');
      if (which === 'newest') return (await signedNote(store, actor.tenant, size)) ?? checkpoint;
      let witnessed = 0;
      for await (const { row } of anchorRows(store, actor.tenant)) if (row.cosigns === true) witnessed = Math.max(witnessed, row.size);
      const note = witnessed === 0 ? undefined : await signedNote(store, actor.tenant, witnessed);
      if (note === undefined) throw new ComplianceError('ZP_NOT_FOUND');
      return note;
    },
    async anchors(actor) {
      permit(actor);
      return anchorStates(store, clock.now(), actor.tenant);
    },
    async inclusion(actor, seq) {
      permit(actor);
      return log.inclusion(actor.tenant, seq);
    },
    async consistency(actor, first) {
      permit(actor);
      return log.consistency(actor.tenant, first);
    },
    async file(actor, path) {
      permit(actor);
      return fileOf(store, actor.tenant, path);
    },
    publicFile: (tenant, path) => fileOf(store, tenant, path),
    async receipt(actor, decision, waitMs = 0) {
      permit(actor);
      for (let left = Math.min(waitMs, MOST_WAIT_MS); ; left -= LOOK_MS) {
        const record = await store.get('decisions', decision);
        if (record?.body['tenant'] !== actor.tenant) throw new ComplianceError('ZP_NOT_FOUND');
        const seq = await seqOf(store, record.body);
        if (seq !== undefined) return log.inclusion(actor.tenant, seq);
        if (left <= 0) {
          throw new ComplianceError('ZP_NOT_FOUND', {
            detail: { zh: '条目已落盘，尚待编号，请稍后再取', en: 'The entry is durable and waits for its number: ask again in a moment' },
          });
        }
        await sleep(Math.min(LOOK_MS, left));
      }
    },
  };
}
