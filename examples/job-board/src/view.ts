import type { Actor, Citation, Text } from '@zhengpin/core';
import { citationText } from '@zhengpin/core';
import type { Request, Response } from 'express';

import { html } from './html.ts';
import type { Markup } from './html.ts';
import { cookieOf } from './cookies.ts';

export type Lang = 'zh' | 'en';

/** What every page knows: who reads it, in which language, and when. */
export interface View {
  readonly lang: Lang;
  readonly actor?: Actor;
  /** Goes into every form of this session. */
  readonly csrf: string;
  /** Path and query of the page, for the language switch. */
  readonly here: string;
  readonly now: number;
  t(zh: string, en: string): string;
  pick(text: Text): string;
}

export const LANG_COOKIE = 'zp_board_lang';

/** A form posted to `…/claim` shows its outcome under the address of what it acts on. */
const ACTIONS = /\/(claim|publication|withdrawal|confirmation|closure|appeal|suspension|revocation|applications(\/[\w-]+\/end)?)$/;

function languageOf(req: Request): Lang {
  const asked: unknown = req.query['lang'];
  const wanted = asked === 'zh' || asked === 'en' ? asked : cookieOf(req, LANG_COOKIE);
  if (wanted === 'zh' || wanted === 'en') return wanted;
  return req.acceptsLanguages('zh', 'en') === 'en' ? 'en' : 'zh';
}

export function createView(req: Request, now: number, actor: Actor | undefined, csrf: string): View {
  const lang = languageOf(req);
  const here = req.method === 'GET' ? req.originalUrl : req.path.replace(ACTIONS, '');
  const t = (zh: string, en: string): string => (lang === 'zh' ? zh : en);
  return { lang, csrf, here, now, t, pick: (text) => text[lang], ...(actor ? { actor } : {}) };
}

export function viewOf(res: Response): View {
  return res.locals['view'] as View;
}

/** The same address in another language. */
export function switched(here: string, lang: Lang): string {
  const url = new URL(here, 'http://board.invalid');
  url.searchParams.set('lang', lang);
  return `${url.pathname}${url.search}`;
}

const SHANGHAI = 'Asia/Shanghai';
const INSTANT = new Intl.DateTimeFormat('sv-SE', { timeZone: SHANGHAI, dateStyle: 'short', timeStyle: 'short' });

/** An instant on the civil clock of Asia/Shanghai. */
export function when(instant: string): Markup {
  return html`<time datetime="${instant}">${INSTANT.format(new Date(instant))}</time>`;
}

/** The civil day of the page in Asia/Shanghai. */
export function todayOf(view: View): string {
  return INSTANT.format(new Date(view.now)).slice(0, 10);
}

/** How long ago, in the largest whole unit. */
export function age(view: View, instant: string): string {
  const minutes = Math.max(0, Math.floor((view.now - Date.parse(instant)) / 60_000));
  if (minutes < 60) return view.t(`${minutes} 分钟`, `${minutes} min`);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return view.t(`${hours} 小时`, `${hours} h`);
  const days = Math.floor(hours / 24);
  return view.t(`${days} 天`, `${days} days`);
}

/** Fen as yuan, exactly. */
export function yuan(fen: number): string {
  const whole = Math.floor(fen / 100).toLocaleString('en-US');
  const part = fen % 100;
  return part === 0 ? whole : `${whole}.${String(part).padStart(2, '0')}`;
}

/** Citations as one line in the reader's language. */
export function law(view: View, citations: readonly Citation[]): string {
  return citations.map((c) => view.pick(citationText(c))).join(view.t('；', '; '));
}

/** Words as someone wrote them: kept apart from the line around them, and marked as Chinese for a screen reader. */
export function said(view: View, text: string): Markup {
  return view.lang === 'zh' ? html`<bdi>${text}</bdi>` : html`<bdi lang="zh">${text}</bdi>`;
}
