import { setImmediate as breathe } from 'node:timers/promises';

import { diffArrays } from 'diff';

import type { Calendar } from '../../kernel/calendar.ts';
import { contentHash, sha256Hex } from '../../kernel/canonical.ts';
import type { Reader } from '../../kernel/execute.ts';
import { listed } from '../../kernel/records.ts';
import type { Loaded } from '../../kernel/records.ts';
import type {
  RuleAcceptanceInput,
  RuleCommentInput,
  RuleLeavingInput,
  RuleProposalInput,
  RulePublicationInput,
  RuleRetractionInput,
} from '../../rules/platform-rule-schemas.ts';

/** The agreement with those who use the platform, and the rules it refers to (协议与规则). */
export type RuleDocument = RuleProposalInput['document'];
export type RuleSection = RuleProposalInput['sections'][number];

/** A version of a document, from the proposal on; none is ever removed (协议或规则的一个版本). */
export type RuleVersionRecord = {
  readonly tenant: string;
  readonly document: RuleDocument;
  readonly number: number;
  /** `proposed`: a first version that no comments are asked on, not public until it is published. */
  readonly state: 'proposed' | 'open-for-comments' | 'published' | 'withdrawn';
  readonly summary: RuleProposalInput['summary'];
  readonly sections: readonly RuleSection[];
  /** {@link rulesHash} of it: what a user has to have been shown to accept it. */
  readonly sha256: string;
  /** Not public. Without it the id of an acceptance does not tell whose it is. */
  readonly salt: string;
  readonly proposedBy: string;
  readonly proposedAt: string;
  readonly proposedOn: string;
  readonly commentsThrough?: string;
  readonly published?: RulePublicationInput & {
    readonly by: string;
    readonly at: string;
    readonly on: string;
    /** The version it follows; absent for a first one. */
    readonly replaces?: string;
  };
  readonly withdrawn?: RuleRetractionInput & { readonly by: string; readonly at: string; readonly on: string };
};

/** How a version stands on a day (版本状态). */
export type RuleState = 'open-for-comments' | 'comments-closed' | 'announced' | 'in-effect' | 'superseded' | 'withdrawn';

/** What everybody may read of a version, without its text (版本目录项). */
export type RuleVersionHead = {
  readonly id: string;
  readonly document: RuleDocument;
  readonly number: number;
  readonly state: RuleState;
  readonly sha256: string;
  readonly summary: RuleProposalInput['summary'];
  readonly proposedOn: string;
  readonly commentsThrough?: string;
  readonly publishedOn?: string;
  readonly effectiveFrom?: string;
  readonly replaces?: string;
  readonly answer?: NonNullable<RulePublicationInput['answer']>;
  readonly answerFile?: NonNullable<RulePublicationInput['answerFile']>;
  readonly withdrawnOn?: string;
  readonly reason?: RuleRetractionInput['reason'];
};

/** A version as it is read and downloaded (公开文本). @source E-commerce Law Art. 33 */
export type RuleVersionView = RuleVersionHead & { readonly sections: readonly RuleSection[] };

/** What an account said of a proposal (意见记录). */
export type RuleCommentRecord = RuleCommentInput & {
  readonly tenant: string;
  readonly ruleVersion: string;
  readonly by: string;
  readonly organisation: string;
  readonly at: string;
};

/** One act of acceptance or its end. */
export type AcceptanceStep = {
  readonly at: string;
  readonly on: string;
  readonly by: string;
} & (
  | { readonly step: 'accepted'; readonly channel: RuleAcceptanceInput['channel'] }
  | { readonly step: 'withdrawn'; readonly reason: RuleLeavingInput['reason'] }
);

/** That a user accepted a version, and until when (接受记录). */
export type AcceptanceRecord = {
  readonly tenant: string;
  readonly user: string;
  readonly ruleVersion: string;
  readonly document: RuleDocument;
  readonly number: number;
  readonly sha256: string;
  /** With it whoever holds the record can show that {@link AcceptanceRecord.commitment} is of this user. */
  readonly salt: string;
  readonly commitment: string;
  readonly state: 'accepted' | 'withdrawn';
  /** Of the first acceptance. */
  readonly at: string;
  readonly steps: readonly AcceptanceStep[];
};

/** A piece of a text that both versions have, or one of them. */
export type DiffPart = { readonly state: 'same' | 'added' | 'removed'; readonly text: string };

/** What became of a section (条款变化); `moved` where only its place is another. */
export type SectionDiff = {
  readonly section: string;
  readonly state: 'added' | 'removed' | 'changed' | 'moved';
  readonly title: RuleSection['title'];
  readonly titleBefore?: RuleSection['title'];
  readonly topics: RuleSection['topics'];
  readonly topicsBefore?: RuleSection['topics'];
  readonly zh: readonly DiffPart[];
  readonly en: readonly DiffPart[];
};

const DIGITS = 6;
/** Whole texts: few at a time. */
const PAGE = 10;

export function ruleVersionId(tenant: string, document: RuleDocument, number: number): string {
  return `${tenant}:${document}:${String(number).padStart(DIGITS, '0')}`;
}

/** The same for a second acceptance of the same version, so that two at once meet; it tells nobody whose it is who has not the version’s salt. */
export function acceptanceId(salt: string, tenant: string, user: string): string {
  return sha256Hex(`${salt}:${tenant}:${user}`);
}

/** What an entry says instead of the user’s id. */
export function commitmentOf(salt: string, user: string): string {
  return sha256Hex(`${salt}:${user}`);
}

/** SHA-256 over the canonical form of document, number and sections (版本内容哈希); anybody who has the text can work it out. */
export function rulesHash(document: RuleDocument, number: number, sections: readonly RuleSection[]): string {
  return contentHash({ format: 'zhengpin-rules/1', document, number, sections });
}

/** Versions of a document, newest first, back to the one in effect on the day or to the first. */
export async function versionsBackTo(reader: Reader, document: RuleDocument, day: string): Promise<readonly Loaded<RuleVersionRecord>[]> {
  const versions: Loaded<RuleVersionRecord>[] = [];
  let cursor: string | undefined;
  do {
    const page = await reader.find('ruleVersions', {
      where: { document },
      range: { field: 'number', gt: 0 },
      order: 'desc',
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const { items } = listed<RuleVersionRecord>(page);
    versions.push(...items);
    if (inEffectOn(items, day)) break;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return versions;
}

/** What a command has to have read: a decision may be timed just before midnight and its records read just after. */
export function currentVersions(
  reader: Reader,
  calendar: Calendar,
  document: RuleDocument,
  nowMs: number,
): Promise<readonly Loaded<RuleVersionRecord>[]> {
  return versionsBackTo(reader, document, calendar.addDays(calendar.today(nowMs), -1));
}

/** First day of effect of one that is published and not taken back. */
export function effectOf({ state, published }: RuleVersionRecord): string | undefined {
  return state === 'published' ? published?.effectiveFrom : undefined;
}

/** The version in effect on a day (当日有效版本). Later numbers take effect later, so it is the first in effect. @param versions newest first */
export function inEffectOn(versions: readonly Loaded<RuleVersionRecord>[], day: string): Loaded<RuleVersionRecord> | undefined {
  return versions.find(({ body }) => (effectOf(body) ?? '9999-99') <= day);
}

export function announcedOn(versions: readonly Loaded<RuleVersionRecord>[], day: string): readonly Loaded<RuleVersionRecord>[] {
  return versions.filter(({ body }) => (effectOf(body) ?? '') > day).toReversed();
}

/** Whether everybody has been shown it: opened for comments, or published, also where it was taken back since. */
export function isPublic({ commentsThrough, published }: RuleVersionRecord): boolean {
  return commentsThrough !== undefined || published !== undefined;
}

function stateOn({ id, body }: Loaded<RuleVersionRecord>, inEffect: string | undefined, day: string): RuleState {
  if (body.state === 'withdrawn') return 'withdrawn';
  const from = effectOf(body);
  if (from === undefined) return (body.commentsThrough ?? '') < day ? 'comments-closed' : 'open-for-comments';
  if (from > day) return 'announced';
  return id === inEffect ? 'in-effect' : 'superseded';
}

/** A version as everybody may see it on a day. @param inEffect id of the version in effect then */
export function headOf(version: Loaded<RuleVersionRecord>, inEffect: string | undefined, day: string): RuleVersionHead {
  const { id, body } = version;
  const { document, number, sha256, summary, proposedOn, commentsThrough, published, withdrawn } = body;
  return {
    id,
    document,
    number,
    state: stateOn(version, inEffect, day),
    sha256,
    summary,
    proposedOn,
    ...(commentsThrough === undefined ? {} : { commentsThrough }),
    ...(published === undefined ? {} : { publishedOn: published.on, effectiveFrom: published.effectiveFrom }),
    ...(published?.replaces === undefined ? {} : { replaces: published.replaces }),
    ...(published?.answer === undefined ? {} : { answer: published.answer }),
    ...(published?.answerFile === undefined ? {} : { answerFile: published.answerFile }),
    ...(withdrawn === undefined ? {} : { withdrawnOn: withdrawn.on, reason: withdrawn.reason }),
  };
}

export function viewOf(version: Loaded<RuleVersionRecord>, inEffect: string | undefined, day: string): RuleVersionView {
  return { ...headOf(version, inEffect, day), sections: version.body.sections };
}

/** Edits of one text beyond which it is compared by sentences, and beyond that shown as replaced; less where many texts differ. */
const MOST_EDITS = 600;
const ALL_EDITS = 6 * MOST_EDITS ** 2;

function merged(
  changes: readonly { readonly value: readonly string[]; readonly added: boolean; readonly removed: boolean }[],
): readonly DiffPart[] {
  const parts: DiffPart[] = [];
  let removed = '';
  let added = '';
  const flush = (): void => {
    if (removed !== '') parts.push({ state: 'removed', text: removed });
    if (added !== '') parts.push({ state: 'added', text: added });
    removed = '';
    added = '';
  };
  for (const [i, change] of changes.entries()) {
    const text = change.value.join('');
    if (change.removed) removed += text;
    else if (change.added) added += text;
    else if (text.trim() === '' && removed !== '' && added !== '' && i < changes.length - 1) {
      // A space between two changed words belongs to the change: it reads better.
      removed += text;
      added += text;
    } else {
      flush();
      parts.push({ state: 'same', text });
    }
  }
  flush();
  return parts;
}

function diffText(lang: 'zh' | 'en', from: string, to: string, maxEditLength: number): readonly DiffPart[] {
  if (from === to) return [{ state: 'same', text: to }];
  const words = new Intl.Segmenter(lang, { granularity: 'word' });
  const splits = [
    (text: string) => Array.from(words.segment(text), ({ segment }) => segment),
    (text: string) => text.match(/[^。！？；.!?;\n]*[。！？；.!?;\n]+|[^。！？；.!?;\n]+/gu) ?? [],
  ];
  for (const split of splits) {
    const changes = diffArrays(split(from), split(to), { maxEditLength });
    if (changes) return merged(changes);
  }
  return merged([
    { value: [from], added: false, removed: true },
    { value: [to], added: true, removed: false },
  ]);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

/** In the order of the newer version, each removed section after the one it followed. */
export async function diffSections(from: readonly RuleSection[], to: readonly RuleSection[]): Promise<readonly SectionDiff[]> {
  const before = new Map(from.map((section) => [section.id, section]));
  const after = new Map(to.map((section) => [section.id, section]));
  const order = diffArrays([...before.keys()], [...after.keys()]);
  const taken = new Set(order.flatMap(({ removed, value }) => (removed ? value : [])));
  const changed = to.filter(({ id, text }) => before.get(id) && contentHash(before.get(id)?.text ?? null) !== contentHash(text)).length;
  const edits = Math.min(MOST_EDITS, Math.floor(Math.sqrt(ALL_EDITS / (2 * Math.max(1, changed)))));
  const diffs: SectionDiff[] = [];
  for (const { removed, added, value } of order)
    for (const id of value) {
      const old = before.get(id);
      const now = after.get(id);
      const { title, topics, text } = now ?? old ?? { title: { zh: '', en: '' }, topics: [], text: { zh: '', en: '' } };
      if (old && now) {
        if (removed) continue;
        const same = contentHash(old) === contentHash(now);
        if (same && !(added && taken.has(id))) continue;
        // A long agreement written anew must not keep everybody else waiting.
        await breathe();
        diffs.push({
          section: id,
          state: same ? 'moved' : 'changed',
          title,
          ...(contentHash(old.title) === contentHash(title) ? {} : { titleBefore: old.title }),
          topics,
          ...(isSameSet(old.topics, topics) ? {} : { topicsBefore: old.topics }),
          zh: diffText('zh', old.text.zh, text.zh, edits),
          en: diffText('en', old.text.en, text.en, edits),
        });
      } else {
        const state = now ? 'added' : 'removed';
        diffs.push({ section: id, state, title, topics, zh: [{ state, text: text.zh }], en: [{ state, text: text.en }] });
      }
    }
  return diffs;
}
