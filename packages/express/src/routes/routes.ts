import { AUDITS_ROUTES } from './audits.ts';
import { DISCLOSURE_ROUTES } from './disclosure.ts';
import { DUTIES_ROUTES } from './duties.ts';
import { EVIDENCE_ROUTES } from './evidence.ts';
import { FEES_ROUTES } from './fees.ts';
import { JOBS_ROUTES } from './jobs.ts';
import { PERSONAL_ROUTES } from './personal.ts';
import { POSTINGS_ROUTES } from './postings.ts';
import { PRIVACY_ROUTES } from './privacy.ts';
import { REGISTRY_ROUTES } from './registry.ts';
import { REVIEWS_ROUTES } from './reviews.ts';
import { RETENTION_ROUTES } from './retention.ts';
import type { Route } from './route.ts';
import { RULES_ROUTES } from './rules.ts';
import { SUPERVISION_ROUTES } from './supervision.ts';

/** Every route (路由表). */
export const ROUTES: readonly Route[] = [
  ...REGISTRY_ROUTES,
  ...POSTINGS_ROUTES,
  ...REVIEWS_ROUTES,
  ...DISCLOSURE_ROUTES,
  ...FEES_ROUTES,
  ...RULES_ROUTES,
  ...SUPERVISION_ROUTES,
  ...DUTIES_ROUTES,
  ...RETENTION_ROUTES,
  ...PERSONAL_ROUTES,
  ...PRIVACY_ROUTES,
  ...JOBS_ROUTES,
  ...AUDITS_ROUTES,
  ...EVIDENCE_ROUTES,
];
