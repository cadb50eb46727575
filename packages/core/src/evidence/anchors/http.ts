import { sha256Hex } from '../../kernel/canonical.ts';
import { anchorError } from './anchor.ts';
import type { Anchor } from './anchor.ts';
import { checkAddress, post } from './post.ts';

export interface HttpAnchorOptions {
  /** Where checkpoints are posted to, such as an address of the regulator. */
  readonly url: string;
  /** Sent with each, such as an `Authorization`. Default none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `http:` and the host of the address. */
  readonly name?: string;
}

const RECEIPT_LENGTH = 1000;

/**
 * Checkpoints posted to an address (上报锚点) as plain text, with an `Idempotency-Key`: any answer of 2xx means that it is
 * kept, and its text is kept as the receipt. The receiver need only store what comes in order.
 * @throws ZP_OPTION_INVALID for an address that is none
 */
export function httpAnchor(options: HttpAnchorOptions): Anchor {
  const url = checkAddress(options.url);
  const { headers = {}, name = `http:${url.host}` } = options;
  return {
    name,
    async publish({ note }, { signal }) {
      const { status, text } = await post(url, note, { 'idempotency-key': sha256Hex(note), ...headers }, signal);
      if (status < 200 || status > 299)
        throw anchorError('ZP_ANCHOR_REFUSED', `${url.host} 应答 ${status}`, `${url.host} answers ${status}`);
      const receipt = text.trim().slice(0, RECEIPT_LENGTH);
      return receipt === '' ? {} : { receipt };
    },
  };
}
