import { describe, expect, it } from 'vitest';
import type { Citation } from '../kernel/law.ts';
import type { Text } from '../kernel/text.ts';
import { INSTRUMENTS } from './instruments.ts';
import { OBLIGATIONS } from './obligations.ts';
import { PENALTIES } from './penalties.ts';

const HAN = /\p{Script=Han}/u;

function expectBilingual(text: Text, where: string): void {
  expect(text.zh, where).toMatch(HAN);
  expect(text.en.trim(), where).not.toBe('');
  expect(text.en, where).not.toMatch(HAN);
}

function expectKnown(citations: readonly Citation[], where: string): void {
  expect(citations.length, where).toBeGreaterThan(0);
  for (const { instrument, version, article } of citations) {
    expect(
      INSTRUMENTS.some((row) => row.id === instrument && row.version === version),
      `${where} ${instrument}`,
    ).toBe(true);
    expect(article, where).toMatch(/^\d+(\(\d+\))*(-\d+)?$/);
  }
}

describe('OBLIGATIONS', () => {
  it('cites its own article of Order 44 and only instruments the table knows', () => {
    for (const row of OBLIGATIONS) {
      expectKnown(row.citations, row.id);
      expect(row.citations[0], row.id).toMatchObject({ instrument: 'order44', article: row.article });
      expect(row.id).toMatch(/^O44-\d+(\.\d+)?(-\d)?[ab]?$/);
      expect(row.id.slice(4).split('.')[0], row.id).toBe(/^\d+/.exec(row.article)?.[0]);
    }
  });

  it('says everything in Chinese and in English', () => {
    for (const row of OBLIGATIONS) {
      for (const text of [row.title, row.duty, row.evidence, ...(row.clock === undefined ? [] : [row.clock])])
        expectBilingual(text, row.id);
    }
  });

  it('names only penalties the table knows, each once', () => {
    for (const row of OBLIGATIONS) {
      for (const code of row.penalties) expect(Object.hasOwn(PENALTIES, code), row.id).toBe(true);
      expect(new Set(row.penalties).size, row.id).toBe(row.penalties.length);
    }
  });

  it('claims no penalty for the articles of Order 44 that have none of their own', () => {
    for (const article of ['4', '8', '16', '18', '20', '23', '24']) {
      const rows = OBLIGATIONS.filter((row) => row.id.slice(4).split('.')[0] === article);
      expect(rows.length, article).toBeGreaterThan(0);
      for (const row of rows) expect(row.penalties, row.id).toEqual([]);
    }
  });

  it('keeps the fines of the two paragraphs of Article 15 apart', () => {
    const penaltiesOf = (id: string) => OBLIGATIONS.find((row) => row.id === id)?.penalties;
    expect(penaltiesOf('O44-15.1b')).toEqual(['P-43']);
    expect(penaltiesOf('O44-15.2')).toEqual(['P-34.2']);
  });

  it('has a row for every article that reaches an agency, once, in article order', () => {
    const ids = OBLIGATIONS.map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      [
        ...'2 4 8 9.1 9.2 10 11 12 13.1 13.2 13.3 14 15.1a 15.1b 15.2 16 17.1 17.1-1 17.1-2 17.1-3 17.2 18'.split(' '),
        ...'19.1 19.2a 19.2b 20 21.1 21.2 21.3 22 23 24.1 25 26 27 28 29 31 38 40'.split(' '),
      ].map((id) => `O44-${id}`),
    );
  });

  it('says for every row what the kit does about it', () => {
    for (const row of OBLIGATIONS) expect(row.verbs.length, row.id).toBeGreaterThan(0);
  });
});

describe('PENALTIES', () => {
  it('is keyed by code, bilingual and cited', () => {
    for (const [key, penalty] of Object.entries(PENALTIES)) {
      expect(penalty.code).toBe(key);
      expectBilingual(penalty.title, key);
      expectBilingual(penalty.text, key);
      expectKnown(penalty.citations, key);
    }
  });

  it('is used throughout: every code is the route of some obligation', () => {
    const used = new Set(OBLIGATIONS.flatMap((row) => row.penalties));
    expect([...used].sort()).toEqual(Object.keys(PENALTIES).sort());
  });

  it('states the same amounts in both languages', () => {
    const amounts = (text: string): number[] =>
      [...text.replaceAll(/第[\d()]+条/g, '').matchAll(/([\d,]+)(万元|元|%)/g)].map(
        ([, n, unit]) => Number((n ?? '').replaceAll(',', '')) * (unit === '万元' ? 10_000 : 1),
      );
    const english = (text: string): number[] => [...text.matchAll(/([\d,]*\d)(%)?/g)].map(([, n]) => Number((n ?? '').replaceAll(',', '')));
    for (const penalty of Object.values(PENALTIES)) {
      const en = english(penalty.text.en.replaceAll('Order 44', ''));
      expect(new Set(en), penalty.code).toEqual(new Set(amounts(penalty.text.zh)));
    }
  });

  it('waits for a refusal or a deadline where the law does', () => {
    const waiting = Object.values(PENALTIES).filter((row) => row.trigger === 'after-refusal' || row.trigger === 'after-deadline');
    expect(waiting.map((row) => row.code)).toEqual(['P-42.2', 'P-43', 'P-44', 'P-34.2', 'P-ECL80', 'P-38']);
    for (const penalty of waiting) expect(penalty.text.en).toMatch(/refusal|overdue/);
  });
});
