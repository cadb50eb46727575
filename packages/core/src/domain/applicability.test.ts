import { describe, expect, it } from 'vitest';
import { isComplianceError } from '../kernel/errors.ts';
import { OBLIGATIONS } from '../rules/obligations.ts';
import { applicability, applicabilityMarkdown } from './applicability.ts';
import type { OperatorProfile, ServiceMode } from './applicability.ts';

const MODES: readonly ServiceMode[] = ['platform', 'in-platform', 'own-site', 'other'];
const profile = (agencyType: 'public' | 'commercial', ...modes: ServiceMode[]): OperatorProfile => ({
  agencyType,
  modes,
  jurisdictions: ['CN'],
});
const combinations: readonly OperatorProfile[] = (['public', 'commercial'] as const).flatMap((type) =>
  Array.from({ length: 15 }, (_, bits) => profile(type, ...MODES.filter((_mode, at) => ((bits + 1) >> at) & 1))),
);
const ids = (prefixes: string): string[] => prefixes.split(' ').map((id) => `O44-${id}`);
const COMMERCIAL = ids('9.1 9.2 10 12 13.1 13.2 13.3 19.2a 19.2b 27 29');
const PLATFORM = ids('24.1 25 26');
const NEVER = ids('14 16 28 31');

function bound(of: OperatorProfile): string[] {
  return applicability(of)
    .rows.filter((row) => row.binds)
    .map((row) => row.obligation);
}

function refusal(input: unknown): { code: string; pointers: string[] } {
  try {
    applicability(input as OperatorProfile);
  } catch (error) {
    if (isComplianceError(error)) return { code: error.code, pointers: error.issues.map((issue) => issue.pointer) };
  }
  return { code: 'none', pointers: [] };
}

describe('applicability', () => {
  it('answers the two questions the same way for all thirty combinations', () => {
    expect(combinations).toHaveLength(30);
    for (const of of combinations) {
      const expected = OBLIGATIONS.map((row) => row.id).filter((id) => {
        if (NEVER.includes(id)) return false;
        if (COMMERCIAL.includes(id)) return of.agencyType === 'commercial';
        if (PLATFORM.includes(id)) return of.modes.includes('platform');
        if (id === 'O44-38') return of.agencyType === 'public';
        return true;
      });
      expect(bound(of), JSON.stringify(of)).toEqual(expected);
    }
  });

  it('gives a public platform articles 24 to 26 but not 13, 19(2) or 29', () => {
    const ofPublic = bound(profile('public', 'platform'));
    expect(ofPublic).toEqual(expect.arrayContaining(ids('17.1 21.3 23 24.1 25 26 38')));
    for (const id of ids('9.1 13.1 13.2 13.3 19.2a 19.2b 29')) expect(ofPublic).not.toContain(id);
  });

  it('binds agencies by Article 15 and 17(2) because they publish what employers supply', () => {
    for (const of of combinations) expect(bound(of)).toEqual(expect.arrayContaining(ids('15.1a 15.1b 15.2 17.2')));
  });

  it('keeps a two-year ledger where Article 26 does not literally apply', () => {
    const own = applicability(profile('commercial', 'own-site'));
    const row = own.rows.find((one) => one.obligation === 'O44-26');
    expect(row).toMatchObject({ binds: false });
    expect(row?.note?.zh).toContain('2年');
    expect(row?.note?.en).toContain('2 years');
    expect(own.retention).toMatchObject({ floorYears: 2, defaultYears: 3 });
    expect(own.retention.citations).toContainEqual({ instrument: 'hr-market', article: '33', version: '2018' });
    expect(applicability(profile('commercial', 'own-site', 'platform')).retention.floorYears).toBe(3);
  });

  it('tells an agency inside another platform who verifies it', () => {
    const row = applicability(profile('commercial', 'in-platform')).rows.find((one) => one.obligation === 'O44-25');
    expect(row).toMatchObject({ binds: false });
    expect(row?.note?.en).toContain('submits true papers');
  });

  it('replaces fines under Order 44 by Article 38 for public agencies and keeps those of other statutes', () => {
    const penalties = (of: OperatorProfile, id: string) => applicability(of).rows.find((row) => row.obligation === id)?.penalties;
    expect(penalties(profile('public', 'platform'), 'O44-26')).toEqual(['P-38']);
    expect(penalties(profile('public', 'platform'), 'O44-21.1')).toEqual(['P-38', 'P-36']);
    expect(penalties(profile('public', 'platform'), 'O44-29')).toEqual([]);
    expect(penalties(profile('commercial', 'platform'), 'O44-26')).toEqual(['P-ECL80']);
    expect(penalties(profile('commercial', 'own-site'), 'O44-26')).toEqual([]);
  });

  it('gives every row a reason in both languages, whatever the combination', () => {
    for (const of of combinations) {
      const { rows, remarks, retention } = applicability(of);
      for (const text of [
        ...rows.flatMap((row) => [row.reason, row.title, ...(row.note === undefined ? [] : [row.note])]),
        ...remarks,
        retention.reason,
      ]) {
        expect(text.zh).toMatch(/\p{Script=Han}/u);
        expect(text.en).not.toMatch(/\p{Script=Han}/u);
        expect(text.en).not.toBe('');
      }
    }
  });

  it('says that local rules are not in the table', () => {
    const { remarks } = applicability({ ...profile('commercial', 'platform'), jurisdictions: ['CN', 'CN-SX', 'CN-GD'] });
    expect(remarks).toHaveLength(3);
    expect(remarks[1]?.en).toContain('Shanxi');
    expect(remarks[2]?.zh).toContain('广东');
  });

  it('refuses unknown, empty, doubled and misshapen profiles and points at each fault', () => {
    const good = profile('commercial', 'platform');
    const cases: readonly (readonly [unknown, readonly string[]])[] = [
      [{ ...good, agencyType: 'private' }, ['/agencyType']],
      [{ ...good, agencyType: 'toString' }, ['/agencyType']],
      [{ ...good, modes: [] }, ['/modes']],
      [{ ...good, modes: 'platform' }, ['/modes']],
      [{ ...good, modes: ['platform', 'app'] }, ['/modes/1']],
      [{ ...good, modes: ['platform', 'own-site', 'platform'] }, ['/modes/2']],
      [{ ...good, modes: Object.assign([], { length: 1 }) }, ['/modes/0']],
      [{ ...good, jurisdictions: [] }, ['/jurisdictions']],
      [{ ...good, jurisdictions: ['CN', 'CN'] }, ['/jurisdictions/1']],
      [{ ...good, jurisdictions: ['CN-XX', 'US', 'CN-HK', 'constructor', 1] }, [0, 1, 2, 3, 4].map((at) => `/jurisdictions/${at}`)],
      [{ ...good, 'a/b': 1 }, ['/a~1b']],
      [{}, ['/agencyType', '/modes', '/jurisdictions']],
      [null, ['']],
      [[], ['']],
    ];
    for (const [input, pointers] of cases) expect(refusal(input)).toEqual({ code: 'ZP_APPLICABILITY_UNKNOWN', pointers });
  });

  it('does not hold on to the caller’s arrays', () => {
    const modes: ServiceMode[] = ['platform'];
    const result = applicability({ agencyType: 'commercial', modes, jurisdictions: ['CN'] });
    modes.push('other');
    expect(result.profile.modes).toEqual(['platform']);
  });
});

describe('applicabilityMarkdown', () => {
  it('prints every row once with its reason, in one language', () => {
    const result = applicability({ ...profile('public', 'platform', 'own-site'), jurisdictions: ['CN-SX'] });
    const en = applicabilityMarkdown(result, 'en');
    const zh = applicabilityMarkdown(result, 'zh');
    expect(en).not.toMatch(/\p{Script=Han}/u);
    for (const [page, lang] of [
      [en, 'en'],
      [zh, 'zh'],
    ] as const) {
      for (const row of result.rows) expect(page).toContain(`| ${row.article} | ${row.title[lang]} | ${row.reason[lang]}`);
      expect(page.split('\n').filter((line) => line.startsWith('| ')).length).toBe(result.rows.length + 4);
    }
    expect(zh).toContain('山西');
    expect(en).toContain('Retention floor: ');
  });
});
