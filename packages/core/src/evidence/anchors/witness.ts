import { ComplianceError } from '../../kernel/errors.ts';
import { isWitnessKey, openCosignature } from '../cosignature.ts';
import { anchorError, forkedFrom, rolledBack } from './anchor.ts';
import type { Anchor, AnchoredCheckpoint, AnchorReceipt } from './anchor.ts';
import { checkAddress, post } from './post.ts';
import type { Answer } from './post.ts';

export interface WitnessAnchorOptions {
  /** Submission prefix of the witness: checkpoints are posted to `<url>/add-checkpoint`. */
  readonly url: string;
  /** Verifier key of the witness, signature type 0x04 (`cosignature/v1`). */
  readonly vkey: string;
  /** Default `witness:` and the name in the key. */
  readonly name?: string;
}

/** A log that is busy elsewhere may move the witness on between two requests. */
const ROUNDS = 4;
const SIZE = /^(0|[1-9]\d{0,15})\n?$/;

function conflictSize({ contentType, text }: Answer): number | undefined {
  return contentType.startsWith('text/x.tlog.size') && SIZE.test(text) ? Number(text) : undefined;
}

/**
 * A witness (见证者) that speaks C2SP tlog-witness: it remembers the newest checkpoint of each log, cosigns a new one only
 * with proof that it continues the one before, and so can neither be shown two histories nor an older one.
 * The cosignature is checked against its key and kept with the checkpoint.
 * @throws ZP_OPTION_INVALID for an address or a key that is none
 */
export function witnessAnchor(options: WitnessAnchorOptions): Anchor {
  const base = checkAddress(options.url);
  const { vkey } = options;
  if (!isWitnessKey(vkey)) {
    throw new ComplianceError('ZP_OPTION_INVALID', {
      detail: { zh: 'vkey 须为见证者的验证密钥（类型 0x04）', en: 'vkey is the verifier key of a witness (type 0x04)' },
    });
  }
  const { name = `witness:${vkey.slice(0, vkey.indexOf('+'))}` } = options;
  const url = new URL(`${base.pathname.replace(/\/$/, '')}/add-checkpoint`, base);

  function cosigned({ note }: AnchoredCheckpoint, { text }: Answer): AnchorReceipt {
    const cosignature = openCosignature(note, vkey, text);
    if (cosignature) return { cosignatures: cosignature.line };
    throw anchorError('ZP_ANCHOR_REFUSED', '见证者的应答中没有其有效签名', 'The answer of the witness holds no valid signature of its key');
  }

  return {
    name,
    async publish(checkpoint, { known, signal }) {
      const { size, note } = checkpoint;
      if (known > size) throw rolledBack(known, size);
      let old = known;
      for (let round = 0; round < ROUNDS; round++) {
        const proof = await checkpoint.consistency(old);
        const body = `old ${old}\n${proof.map((line) => `${line}\n`).join('')}\n${note}`;
        const answer = await post(url, body, {}, signal);
        if (answer.status === 200) return cosigned(checkpoint, answer);
        if (answer.status === 422) throw forkedFrom(old);
        const held = answer.status === 409 ? conflictSize(answer) : undefined;
        if (held === undefined) {
          // At the same size without a size in the answer, the roots differ.
          if (answer.status === 409 && old === size) throw forkedFrom(size);
          throw anchorError('ZP_ANCHOR_REFUSED', `见证者应答 ${answer.status}`, `The witness answers ${answer.status}`);
        }
        if (held > size) throw rolledBack(held, size);
        if (held === old) throw forkedFrom(held);
        old = held;
      }
      throw anchorError('ZP_ANCHOR_UNAVAILABLE', '见证者的记录不断变化', 'The record of the witness keeps changing');
    },
  };
}
