export { canonical, contentHash, sha256Hex } from './kernel/canonical.ts';
export { createTestClock, systemClock } from './kernel/clock.ts';
export type { Clock, TestClock } from './kernel/clock.ts';
export { COLLECTIONS } from './kernel/collections.ts';
export { ComplianceError, ERRORS, isComplianceError } from './kernel/errors.ts';
export type { ComplianceErrorOptions, ErrorCode, Issue } from './kernel/errors.ts';
export { createExecute } from './kernel/execute.ts';
export type { Command, Draft, Execute, Idempotency, Reader } from './kernel/execute.ts';
export { createDevelopmentIssuer, createIdentity, isOpaqueId, ROLES } from './kernel/identity.ts';
export type { Actor, DevelopmentIssuer, Identity, IdentityOptions, Role } from './kernel/identity.ts';
export type { Citation, Instrument } from './kernel/law.ts';
export { checkQuery, decodeCursor, encodeCursor } from './kernel/paging.ts';
export type { Position } from './kernel/paging.ts';
export type {
  Change,
  CollectionDeclaration,
  FieldValue,
  Json,
  JsonObject,
  Page,
  Query,
  Store,
  StoredRecord,
} from './kernel/store.ts';
export type { Text } from './kernel/text.ts';
export { createLog } from './evidence/log.ts';
export type { EvidenceLog, Head, InclusionReceipt, LogRow } from './evidence/log.ts';
export { leafHash, verifyConsistency, verifyInclusion } from './evidence/merkle.ts';
export { createSigner, openCheckpoint } from './evidence/note.ts';
export type { Checkpoint, Signer } from './evidence/note.ts';
export type {
  Finding,
  Ground,
  Outcome,
  Pack,
  Rule,
  RuleClass,
  RuleException,
  ScreenInput,
  ScreenResult,
  Severity,
} from './screening/types.ts';
