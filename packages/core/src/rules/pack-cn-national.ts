import type { Pack } from '../screening/types.ts';
import { BELIEF } from './cn-national/belief.ts';
import { DEPOSIT } from './cn-national/deposit.ts';
import { GENDER } from './cn-national/gender.ts';
import { ORIGIN } from './cn-national/origin.ts';
import { BELIEFS, LOCAL, OCCUPATIONS, PEOPLES, PLACES } from './cn-national/words.ts';

/** What national law forbids a posting to say (全国规则包). */
export const CN_NATIONAL: Pack = {
  id: 'cn-national',
  version: '2026.11',
  jurisdiction: 'CN',
  effectiveFrom: '2026-11-01',
  title: { zh: '招聘信息筛查全国规则', en: 'National rules for screening postings' },
  words: { place: PLACES, local: LOCAL, people: PEOPLES, belief: BELIEFS, occupation: OCCUPATIONS },
  rules: [...GENDER, ...BELIEF, ...ORIGIN, ...DEPOSIT],
};
