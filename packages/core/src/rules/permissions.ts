/**
 * Who may do what (权限表): default deny; a verb that is not here is refused to everyone. `employer` and `agency` act only
 * inside their own organisation, all roles only inside their own tenant.
 */
export const PERMISSIONS = {
  'operator.set': ['operator'],
  'operator.read': ['employer', 'agency', 'reviewer', 'compliance-officer', 'auditor', 'inspector', 'operator'],
  'organisation.register': ['employer', 'agency'],
  'organisation.read': ['employer', 'agency', 'reviewer', 'compliance-officer', 'auditor', 'inspector'],
  'material.submit': ['employer', 'agency'],
  'material.read': ['employer', 'agency', 'reviewer', 'compliance-officer', 'auditor', 'inspector'],
  'material.revoke': ['reviewer', 'compliance-officer'],
  'posting.submit': ['employer', 'agency'],
  'posting.read': ['employer', 'agency', 'reviewer', 'compliance-officer', 'auditor', 'inspector', 'operator'],
  'posting.publish': ['employer', 'agency', 'operator'],
  'posting.withdraw': ['employer', 'agency'],
  'posting.close': ['employer', 'agency', 'compliance-officer'],
  'posting.confirm': ['employer', 'agency'],
  'posting.suspend': ['reviewer', 'compliance-officer'],
  'posting.expire': ['operator'],
  'posting.rescreen': ['compliance-officer', 'operator'],
  'pack.use': ['compliance-officer', 'operator'],
  'review.read': ['reviewer', 'compliance-officer', 'auditor', 'inspector'],
  'review.decide': ['reviewer'],
  'decision.read': ['employer', 'agency', 'reviewer', 'compliance-officer', 'auditor', 'inspector'],
  'decision.appeal': ['employer', 'agency'],
  'screening.use': ['employer', 'agency', 'reviewer', 'compliance-officer', 'operator'],
  'service.change': ['compliance-officer', 'operator'],
  'retention.read': ['compliance-officer', 'auditor', 'inspector', 'operator'],
  'retention.schedule': ['compliance-officer'],
  'retention.hold': ['compliance-officer', 'operator'],
  'retention.plan': ['compliance-officer', 'operator'],
  'retention.approve': ['compliance-officer', 'operator'],
  'retention.apply': ['compliance-officer', 'operator'],
  'retention.archive': ['compliance-officer', 'operator'],
  'retention.time': ['compliance-officer', 'operator'],
  'subject.erase': ['compliance-officer', 'operator'],
  'keys.rotate': ['operator'],
  'evidence.declare': ['compliance-officer', 'operator'],
  'evidence.read': ['compliance-officer', 'auditor', 'inspector', 'operator'],
} as const;

export type Verb = keyof typeof PERMISSIONS;
