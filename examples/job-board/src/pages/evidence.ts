import { canonical, ComplianceError, isComplianceError, leafHash, openCheckpoint, verifyInclusion } from '@zhengpin/core';
import type { Actor, InclusionReceipt } from '@zhengpin/core';
import type { Router } from 'express';

import { queryOf, restricted, send } from '../board.ts';
import type { Board } from '../board.ts';
import { html } from '../html.ts';
import type { Markup } from '../html.ts';
import type { View } from '../view.ts';

const READERS = ['compliance-officer', 'auditor', 'inspector', 'operator'] as const;

/** What anyone can work out from the receipt and the verifier key alone. */
function holdsTrue(receipt: InclusionReceipt, vkey: string): boolean {
  const checkpoint = openCheckpoint(receipt.checkpoint, vkey);
  const path = receipt.proof.map((h) => Buffer.from(h, 'base64'));
  return (
    checkpoint !== undefined &&
    verifyInclusion(leafHash(canonical(receipt.entry)), receipt.index, checkpoint.size, path, Buffer.from(checkpoint.root, 'base64'))
  );
}

function entryPanel(view: View, receipt: InclusionReceipt, vkey: string): Markup {
  const ok = holdsTrue(receipt, vkey);
  return html`<section class="panel" aria-labelledby="receipt">
    <h2 id="receipt">${view.t(`第 ${receipt.index} 条`, `Entry ${receipt.index}`)}</h2>
    <p class="note ${ok ? 'good' : 'bad'}">
      ${ok ? view.t('包含证明与签名检查点相符。', 'The inclusion proof agrees with the signed checkpoint.') : view.t('包含证明与检查点不符。', 'The inclusion proof does not agree with the checkpoint.')}
    </p>
    <h3>${view.t('内容', 'Content')}</h3>
    <pre tabindex="0">${JSON.stringify(receipt.entry, null, 2)}</pre>
    <h3>${view.t('包含证明', 'Inclusion proof')}</h3>
    ${
      receipt.proof.length === 0
        ? html`<p>${view.t('日志只有这一条。', 'It is the only entry.')}</p>`
        : html`<ol class="hashes">
            ${receipt.proof.map((h) => html`<li><code>${h}</code></li>`)}
          </ol>`
    }
  </section>`;
}

/** Checkpoint, verifier key, any entry with its proof, and how to check without trusting this page (证据). */
export function evidencePages(router: Router, board: Board): void {
  const { compliance } = board;
  const { vkey } = compliance.evidence;

  async function entryOf(actor: Actor, asked: string): Promise<InclusionReceipt | undefined> {
    if (asked === '') return undefined;
    if (!/^\d{1,12}$/.test(asked))
      throw new ComplianceError('ZP_NOT_FOUND', { detail: { zh: '日志中没有该条目', en: 'The log has no such entry' } });
    return compliance.evidence.inclusion(actor, Number(asked));
  }

  restricted(router, '/evidence', READERS, async (call) => {
    const { view, actor, req } = call;
    const asked = queryOf(req, 'entry');
    const receipt = await entryOf(actor, asked);
    const note = await compliance.evidence.checkpoint(actor).catch((error: unknown) => {
      if (isComplianceError(error) && error.code === 'ZP_NOT_FOUND') return undefined;
      throw error;
    });
    const size = note === undefined ? 0 : (openCheckpoint(note, vkey)?.size ?? 0);
    const title = view.t('证据', 'Evidence');
    send(
      call,
      200,
      title,
      html`<h1>${title}</h1>
        <p class="lead">
          ${view.t(
            '每次写入的记录和证据在同一批次提交。证据只含承诺、代码和编号，不含个人信息；任何人持公钥即可核对。',
            'Every write commits the record and its evidence in one batch. Entries hold commitments, codes and ids, never personal information; whoever has the key can check them.',
          )}
        </p>
        <form class="search" method="get" action="/evidence">
          <div>
            <label for="entry">${view.t('条目序号', 'Entry number')}</label>
            <p class="hint" id="entry-hint">
              ${size > 0 ? view.t(`0 至 ${size - 1}`, `0 to ${size - 1}`) : view.t('日志为空', 'The log is empty')}
            </p>
            <input id="entry" name="entry" inputmode="numeric" pattern="[0-9]{1,12}" value="${asked}" aria-describedby="entry-hint" />
          </div>
          <button class="primary" type="submit">${view.t('查看', 'Show')}</button>
        </form>
        ${receipt && entryPanel(view, receipt, vkey)}
        <section class="panel">
          <h2>${view.t('最新检查点', 'Newest checkpoint')}</h2>
          ${note === undefined ? html`<p>${view.t('日志为空。', 'The log is empty.')}</p>` : html`<pre tabindex="0">${note}</pre>`}
          <h2>${view.t('验证公钥', 'Verifier key')}</h2>
          <pre tabindex="0">${vkey}</pre>
        </section>
        <section>
          <h2>${view.t('自行核对', 'Check it yourself')}</h2>
          <p>
            ${view.t('把公钥和检查点保存在平台之外，再对照存储核对：', 'Keep the key and a checkpoint outside the platform, then check the store against them:')}
          </p>
          <pre tabindex="0">npx zhengpin verify --store examples/job-board/.data/board.db --vkey '${vkey}' --against checkpoint.txt</pre>
          <p>
            ${view.t('手工改动任何一行，核对都会指出第一条不符的条目。', 'Change any row by hand and it names the first entry that does not agree.')}
          </p>
        </section>`,
    );
  });
}
