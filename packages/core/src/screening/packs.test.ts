import { describe, expect, it } from 'vitest';

import { choosePack, comparePacks, overlayPack } from './packs.ts';
import type { Pack, Rule } from './types.ts';

const text = { zh: '规则', en: 'rule' };

function rule(over: Partial<Rule> = {}): Rule {
  return {
    id: 'gender.limit',
    ground: 'gender',
    class: 'a',
    severity: 'review',
    title: text,
    citations: [],
    penalty: 'P-43',
    exceptions: [{ id: 'mines', title: text, citations: [] }],
    advice: text,
    phrases: ['限男', '限女'],
    allow: ['不限男'],
    examples: { violating: [], complying: [] },
    ...over,
  };
}

function pack(over: Partial<Pack> = {}): Pack {
  return { id: 'cn-national', version: '1', jurisdiction: 'CN', effectiveFrom: '2026-01-01', title: text, rules: [rule()], ...over };
}

describe('packs', () => {
  it.each<[string, Partial<Rule>, 'tightened' | 'loosened']>([
    ['a stricter severity', { severity: 'block' }, 'tightened'],
    ['a milder severity', { severity: 'advise' }, 'loosened'],
    ['one more phrase', { phrases: ['限男', '限女', '只要男'] }, 'tightened'],
    ['one phrase less', { phrases: ['限男'] }, 'loosened'],
    ['one more way out', { allow: ['不限男', '限男装'] }, 'loosened'],
    ['one way out less', { allow: [] }, 'tightened'],
    ['a new exception', { exceptions: [...rule().exceptions, { id: 'else', title: text, citations: [] }] }, 'loosened'],
    ['no exception', { exceptions: [] }, 'tightened'],
    ['a new negator', { negators: ['无需'] }, 'loosened'],
    ['a context it did not need before', { when: ['应届'] }, 'loosened'],
    ['more phrases and a milder severity', { phrases: ['限男', '限女', '只要男'], severity: 'advise' }, 'loosened'],
    ['a lack that more fields can fill', { absentFrom: ['text'] }, 'loosened'],
    ['another ground', { ground: 'age' }, 'loosened'],
  ])('call %s by its name', (_what, over, kind) => {
    const changes = comparePacks(pack(), pack({ rules: [rule(over)] }));
    expect(changes[kind]).toEqual(['gender.limit']);
    expect(changes[kind === 'tightened' ? 'loosened' : 'tightened']).toEqual([]);
  });

  const graduates: Partial<Rule> = { when: ['应届'], contexts: ['graduates'] };
  const raised: Partial<Rule> = { modifiers: [{ context: 'campus', severity: 'block' }] };
  it.each<[string, Partial<Rule>, Partial<Rule>, 'tightened' | 'loosened']>([
    ['a modifier that raises', {}, raised, 'tightened'],
    ['a modifier that raises no more', raised, {}, 'loosened'],
    ['a modifier that eases', {}, { modifiers: [{ context: 'minors-contact', severity: 'advise' }] }, 'loosened'],
    ['a stricter rule that a flag eases', {}, { severity: 'block', modifiers: [{ context: 'venue', severity: 'advise' }] }, 'loosened'],
    ['a raise that eases where two flags meet', raised, { modifiers: [{ context: 'campus', severity: 'review' }] }, 'loosened'],
    ['a flag beside the words', { when: ['应届'] }, graduates, 'tightened'],
    ['a flag instead of the words', { when: ['应届'] }, { contexts: ['graduates'] }, 'loosened'],
    ['one flag less', graduates, { when: ['应届'] }, 'loosened'],
    ['a flag it did not need before', {}, { contexts: ['campus'] }, 'loosened'],
    ['a milder rule bound to the same flag', { contexts: ['campus'] }, { contexts: ['campus'], severity: 'advise' }, 'loosened'],
    [
      'an easing that only the words of the context meet',
      { when: ['应届'] },
      { when: ['应届'], modifiers: [{ context: 'campus', severity: 'advise' }] },
      'loosened',
    ],
  ])('judge %s in every context', (_what, before, next, kind) => {
    const changes = comparePacks(pack({ rules: [rule(before)] }), pack({ rules: [rule(next)] }));
    expect(changes[kind]).toEqual(['gender.limit']);
    expect(changes[kind === 'tightened' ? 'loosened' : 'tightened']).toEqual([]);
  });

  it('refuse an overlay that eases a rule by a flag, and lay one over that raises it', () => {
    const overlay = (over: Partial<Rule>): Pack => pack({ id: 'cn-gd', jurisdiction: 'CN-GD', rules: [rule(over)] });
    expect(() => overlayPack(pack(), overlay({ modifiers: [{ context: 'public-body', severity: 'advise' }] }))).toThrow(/gender\.limit/);
    expect(overlayPack(pack(), overlay(raised)).rules[0]?.modifiers).toEqual(raised.modifiers);
  });

  it('know that more words make a rule about a lack milder, and fewer recognisers any rule', () => {
    const lack = rule({ absentFrom: ['salary'], phrases: ['元'] });
    const wider = rule({ absentFrom: ['salary', 'text'], phrases: ['元'] });
    const more = rule({ absentFrom: ['salary'], phrases: ['元', '万'] });
    for (const milder of [wider, more]) {
      expect(comparePacks(pack({ rules: [lack] }), pack({ rules: [milder] })).loosened).toEqual(['gender.limit']);
      expect(comparePacks(pack({ rules: [milder] }), pack({ rules: [lack] })).tightened).toEqual(['gender.limit']);
    }
    const both = rule({ recognise: ['phone', 'chat'] });
    expect(comparePacks(pack({ rules: [both] }), pack({ rules: [rule({ recognise: ['phone'] })] })).loosened).toEqual(['gender.limit']);
  });

  it('see what is new, what is gone, and nothing where nothing changed', () => {
    const other = rule({ id: 'age.limit' });
    expect(comparePacks(pack(), pack({ rules: [other] }))).toEqual({
      added: ['age.limit'],
      removed: ['gender.limit'],
      tightened: [],
      loosened: [],
    });
    expect(comparePacks(pack(), pack())).toEqual({ added: [], removed: [], tightened: [], loosened: [] });
    expect(comparePacks(pack({ words: { place: ['甲', '乙'] } }), pack({ words: { place: ['甲'] } })).loosened).toEqual(['words']);
  });

  it('add and tighten by an overlay, and refuse one that loosens, naming the rule', () => {
    const local = pack({
      id: 'cn-gd',
      jurisdiction: 'CN-GD',
      version: '7',
      rules: [rule({ severity: 'block' }), rule({ id: 'disability.limit' })],
    });
    const both = overlayPack(pack(), local);
    expect(both).toMatchObject({ id: 'cn-national+cn-gd', version: '1+7' });
    expect(both.rules.map((r) => [r.id, r.severity])).toEqual([
      ['gender.limit', 'block'],
      ['disability.limit', 'review'],
    ]);
    expect(() => overlayPack(pack(), pack({ rules: [rule({ severity: 'advise' })] }))).toThrow(/gender\.limit/);
  });

  it('are chosen by day and place', () => {
    const packs = [
      pack(),
      pack({ version: '2', effectiveFrom: '2026-07-01' }),
      pack({ id: 'cn-gd', jurisdiction: 'CN-GD', effectiveFrom: '2026-08-01', rules: [rule({ id: 'local' })] }),
    ];
    expect(choosePack(packs, '2026-06-30', ['CN']).version).toBe('1');
    expect(choosePack(packs, '2026-07-31', ['CN', 'CN-GD']).version).toBe('2');
    expect(choosePack(packs, '2026-08-01', ['CN', 'CN-GD']).rules.map((r) => r.id)).toEqual(['gender.limit', 'local']);
    expect(() => choosePack(packs, '2025-12-31', ['CN'])).toThrow(/ZP_OPTION_INVALID/);
  });
});
