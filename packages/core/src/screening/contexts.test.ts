import { describe, expect, it } from 'vitest';

import { SCREENING_SCHEMA } from '../rules/schemas.ts';
import { CONTEXT_FLAGS } from './contexts.ts';
import type { ContextFlag } from './contexts.ts';
import { compilePack, screen } from './engine.ts';
import type { Modifier, Pack, Rule, ScreenResult } from './types.ts';

const TEXT = { zh: '规则', en: 'rule' };
const OTHER = { zh: '改写', en: 'reworded' };

function rule(over: Partial<Rule> = {}): Rule {
  return {
    id: 'toy.limit',
    ground: 'age',
    class: 'c',
    severity: 'review',
    title: TEXT,
    citations: [{ instrument: 'labour-law', article: '12', version: '2018' }],
    penalty: '',
    exceptions: [],
    advice: TEXT,
    phrases: ['限甲'],
    allow: [],
    examples: { violating: ['限甲', '限甲。', '仅限甲', '岗位限甲', '应届，限甲'], complying: ['甲', '限乙', '丙', '丁', '戊'] },
    ...over,
  };
}

function found(one: Rule, text: string, context?: readonly ContextFlag[]): ScreenResult {
  const pack: Pack = { id: 'toy', version: '1', jurisdiction: 'CN', effectiveFrom: '2026-11-01', title: TEXT, rules: [one] };
  return screen({ text }, compilePack(pack), context === undefined ? {} : { context });
}

const RAISE: Modifier = {
  context: 'campus',
  severity: 'block',
  class: 'b',
  citations: [{ instrument: 'order44', article: '15(2)', version: '2020' }],
  advice: OTHER,
};
const EASE: Modifier = { context: 'minors-contact', severity: 'advise', class: 'd' };

describe('flags of a posting', () => {
  it('make a rule count that is bound to one of them, and leave it out otherwise', () => {
    const bound = rule({ contexts: ['campus', 'graduates'] });
    expect(found(bound, '限甲').outcome).toBe('pass');
    expect(found(bound, '限甲', ['venue']).outcome).toBe('pass');
    expect(found(bound, '限甲', ['venue', 'graduates']).outcome).toBe('review');
  });

  it('do the same as the words of the context, either being enough', () => {
    const violating = ['应届，限甲', '应届限甲', '应届。限甲', '应届：限甲', '限甲，应届'];
    const both = rule({ when: ['应届'], contexts: ['graduates'], examples: { violating, complying: rule().examples.complying } });
    expect(found(both, '限甲').outcome).toBe('pass');
    expect(found(both, '应届，限甲').outcome).toBe('review');
    expect(found(both, '限甲', ['graduates']).outcome).toBe('review');
  });

  it('give a finding the severity, class, citations and advice that apply, and name themselves', () => {
    expect(found(rule({ modifiers: [RAISE] }), '限甲', ['campus'])).toMatchObject({
      outcome: 'block',
      findings: [{ severity: 'block', class: 'b', context: 'campus', citations: RAISE.citations, advice: OTHER, title: TEXT }],
    });
    const [plain] = found(rule({ modifiers: [RAISE] }), '限甲', ['promoted']).findings;
    expect(plain).toMatchObject({ severity: 'review', class: 'c', citations: rule().citations });
    expect(plain).not.toHaveProperty('context');
  });

  it('can make a rule milder, unless another flag forbids what this one eases', () => {
    const eased = rule({ modifiers: [EASE, RAISE] });
    expect(found(eased, '限甲', ['minors-contact'])).toMatchObject({
      outcome: 'advise',
      findings: [{ class: 'd', citations: rule().citations }],
    });
    expect(found(eased, '限甲', ['minors-contact', 'campus']).outcome).toBe('block');
  });

  it('also reach a rule about what a posting lacks', () => {
    const lack = rule({
      absentFrom: ['text'],
      contexts: ['promoted'],
      examples: { violating: ['甲', '乙', '丙', '丁', '戊'], complying: rule().examples.violating },
    });
    const pack: Pack = { id: 'toy', version: '1', jurisdiction: 'CN', effectiveFrom: '2026-11-01', title: TEXT, rules: [lack] };
    const compiled = compilePack(pack);
    expect(screen({ text: '丙' }, compiled, { complete: true }).outcome).toBe('pass');
    expect(screen({ text: '丙' }, compiled, { complete: true, context: ['promoted'] }).outcome).toBe('review');
  });

  it('are the same in the engine and in the schema of a screening request', () => {
    expect(SCREENING_SCHEMA.properties.context.items.enum).toEqual(CONTEXT_FLAGS);
    expect(SCREENING_SCHEMA.properties.context.maxItems).toBe(CONTEXT_FLAGS.length);
  });
});
