import type { Pack } from '../screening/types.ts';
import { AGE } from './cn-national/age.ts';
import { APPEARANCE } from './cn-national/appearance.ts';
import { BACKGROUND } from './cn-national/background.ts';
import { BELIEF } from './cn-national/belief.ts';
import { CAMPUS } from './cn-national/campus.ts';
import { CONDITION } from './cn-national/condition.ts';
import { CONTACT } from './cn-national/contact.ts';
import { DEPOSIT } from './cn-national/deposit.ts';
import { FRAUD } from './cn-national/fraud.ts';
import { GENDER } from './cn-national/gender.ts';
import { HEALTH } from './cn-national/health.ts';
import { MARITAL } from './cn-national/marital.ts';
import { MASKED } from './cn-national/masked.ts';
import { MINORS } from './cn-national/minors.ts';
import { MONEY } from './cn-national/money.ts';
import { ORIGIN } from './cn-national/origin.ts';
import { PAPERS } from './cn-national/papers.ts';
import { PAY_STATED } from './cn-national/pay.ts';
import { PRIVATE_LIFE } from './cn-national/private-life.ts';
import { SCHOOL } from './cn-national/school.ts';
import { SPECIAL_POSTS } from './cn-national/special-posts.ts';
import { STANDING_RULES } from './cn-national/standing.ts';
import { STATUS } from './cn-national/status.ts';
import { BELIEFS, LOCAL, OCCUPATIONS, PEOPLES, PLACES } from './cn-national/words.ts';

/** What national law forbids a posting to say (全国规则包). */
export const CN_NATIONAL: Pack = {
  id: 'cn-national',
  version: '2026.11',
  jurisdiction: 'CN',
  effectiveFrom: '2026-11-01',
  title: { zh: '招聘信息筛查全国规则', en: 'National rules for screening postings' },
  words: { place: PLACES, local: LOCAL, people: PEOPLES, belief: BELIEFS, occupation: OCCUPATIONS },
  rules: [
    ...GENDER,
    ...BELIEF,
    ...ORIGIN,
    ...DEPOSIT,
    // Before the rules on marriage: told in their place where both find the same words.
    ...SPECIAL_POSTS,
    ...MARITAL,
    ...HEALTH,
    ...MINORS,
    ...MONEY,
    ...PAPERS,
    ...FRAUD,
    ...STATUS,
    ...AGE,
    ...APPEARANCE,
    ...SCHOOL,
    ...CAMPUS,
    ...BACKGROUND,
    ...STANDING_RULES,
    ...CONDITION,
    ...PRIVATE_LIFE,
    ...PAY_STATED,
    ...CONTACT,
    ...MASKED,
  ],
};
