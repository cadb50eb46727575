export { checkArchiveKey, isArchiveKey, listPage, listPosition, retentionEnd } from './kernel/archive.ts';
export type {
  Archive,
  ArchiveDescription,
  ArchiveEntry,
  ArchiveGuarantee,
  ArchiveListOptions,
  ArchivePage,
  ArchivePutOptions,
  ArchiveStat,
} from './kernel/archive.ts';
export { canonical, contentHash, sha256Hex } from './kernel/canonical.ts';
export { createTestClock, systemClock } from './kernel/clock.ts';
export type { Clock, TestClock } from './kernel/clock.ts';
export { COLLECTIONS } from './kernel/collections.ts';
export { ComplianceError, ERRORS, isComplianceError } from './kernel/errors.ts';
export type { ComplianceErrorOptions, ErrorCode, Issue } from './kernel/errors.ts';
export { calendarDuty, createCalendar, officialHolidays } from './kernel/calendar.ts';
export type { Calendar, CalendarDuty, DayKind, HolidayTable } from './kernel/calendar.ts';
export {
  completeUscc,
  isBusinessLicenceNumber,
  isLicenceNumber,
  isResidentId,
  isUscc,
  normaliseLicenceNumber,
} from './kernel/identifiers.ts';
export { createExecute } from './kernel/execute.ts';
export type { Command, Draft, Execute, Idempotency, Reader } from './kernel/execute.ts';
export { addKey, fileKeyring } from './kernel/file-keyring.ts';
export { createDevelopmentIssuer, createIdentity, isOpaqueId, ROLES } from './kernel/identity.ts';
export type { Actor, DevelopmentIssuer, Identity, IdentityOptions, Role } from './kernel/identity.ts';
export { environmentKeys, kmsKeys, memoryKeys, parseKeyring } from './kernel/keys.ts';
export type { KeyContext, KeyRing, Keys, KmsCalls, WrappedKey } from './kernel/keys.ts';
export type { Citation, Instrument } from './kernel/law.ts';
export { checkQuery, decodeCursor, encodeCursor } from './kernel/paging.ts';
export type { Position } from './kernel/paging.ts';
export { ERASED_TEXT, ERASED_VALUE, isErased, isRestricted, RESTRICTED_TEXT, RESTRICTED_VALUE } from './kernel/seal.ts';
export type { Change, CollectionDeclaration, FieldValue, Json, JsonObject, Page, Query, Store, StoredRecord } from './kernel/store.ts';
export type { Text } from './kernel/text.ts';
export { databaseClock } from './kernel/time-source.ts';
export type { TimeReading, TimeSource } from './kernel/time-source.ts';
export { unsealed } from './kernel/unsealed.ts';
export type { Unsealed } from './kernel/unsealed.ts';
export { createValidator } from './kernel/validate.ts';
export type { FieldNote, Validator } from './kernel/validate.ts';
export { createCompliance } from './compliance.ts';
export type { Compliance } from './compliance.ts';
export type { ComplianceOptions, DisclosureExtras, PersonalExtras, RetentionExtras, Signing } from './options.ts';
export { applicability, applicabilityMarkdown } from './domain/applicability.ts';
export type { AgencyType, Applicability, ApplicabilityRow, OperatorProfile, RetentionFloor, ServiceMode } from './domain/applicability.ts';
export { keyStatus } from './domain/confidentiality.ts';
export type { ConfidentialityCommands, Erasure, Keeping, KeyStatus, RotationOptions, RotationPage } from './domain/confidentiality.ts';
export type { CommandOptions } from './domain/posting-review/context.ts';
export type { DecideCommands, Decided } from './domain/posting-review/decide.ts';
export type { LifecycleCommands, Moved, PublishedPosting } from './domain/posting-review/lifecycle.ts';
export type { MaterialCommands, SubmittedMaterial } from './domain/posting-review/materials.ts';
export type { QueueCommands, ReviewDetail } from './domain/posting-review/queue.ts';
export { POSTING_STATES } from './domain/posting-review/records.ts';
export type {
  AppealRecord,
  Clearance,
  DecisionRecord,
  MaterialRecord,
  OperatorRecord,
  OrganisationRecord,
  PostingRecord,
  PostingState,
  ReasonRecord,
  ReviewRecord,
  VersionRecord,
  Verdict,
} from './domain/posting-review/records.ts';
export type { Listing, Loaded, PageOptions } from './kernel/records.ts';
export type { PackCommands, PackUse } from './domain/posting-review/packs.ts';
export type { RescreenCommands, Rescreened, RescreenOptions, RescreenPage } from './domain/posting-review/rescreen.ts';
export type { Opinion, OpinionRecord, SecondOpinion } from './domain/posting-review/second-opinion.ts';
export type { RegistryCommands } from './domain/posting-review/registry.ts';
export type { SubmitCommands, Submitted } from './domain/posting-review/submit.ts';
export type { RetentionCommands } from './domain/retention/retention.ts';
export type { DisposalCommands, KeptWhy, Pass, Plan, PlanView } from './domain/retention/disposal.ts';
export type { GuardCommands, RetainedItem, Retention } from './domain/retention/guard.ts';
export type { Archived, ArchiveCommands } from './domain/retention/archive.ts';
export type { Drill, DrillCommands } from './domain/retention/drill.ts';
export type { Disposed, RetentionDue, RetentionHooks } from './domain/retention/events.ts';
export { retained } from './domain/retention/host-model.ts';
export type { HostModel, RetainedModel } from './domain/retention/host-model.ts';
export { guardedStore } from './domain/retention/store-guard.ts';
export type { HoldCommands, HoldView } from './domain/retention/holds.ts';
export type {
  CertificateRecord,
  DrillFault,
  DrillRecord,
  HoldRecord,
  PlanItem,
  PlanRecord,
  SegmentRecord,
  ServiceRecord,
} from './domain/retention/records.ts';
export type { Proposal, ServiceCommands, ServiceView } from './domain/retention/services.ts';
export { TIME_ANOMALIES } from './domain/retention/time.ts';
export type { Tick, TimeAnomaly, TimeCommands } from './domain/retention/time.ts';
export { RETENTION_SCHEDULE } from './rules/retention-schedule.ts';
export type { RetentionClass, RetentionTrigger } from './rules/retention-schedule.ts';
export {
  COMPLETION_SCHEMA,
  DRILL_SCHEMA,
  HOLD_SCHEMA,
  PART_SCHEMA,
  PERIOD_SCHEMA,
  PLAN_SCHEMA,
  RELEASE_SCHEMA,
  REOPENING_SCHEMA,
  SERVICE_SCHEMA,
  TIME_SCHEMA,
} from './rules/retention-schemas.ts';
export type { AccessCommands, CanaryAlarm, ExportView, PersonalHooks } from './domain/personal-information/access.ts';
export type {
  ConsentAsked,
  ConsentCommands,
  ConsentRecord,
  ConsentStanding,
  NoticeRecord,
} from './domain/personal-information/consents.ts';
export type { DeskOptions } from './kernel/desk.ts';
export type { AssessmentRecord, IncidentCommands, IncidentRecord, IncidentView } from './domain/personal-information/incidents.ts';
export type { RightsCommands, RightsRecord, RightsView } from './domain/personal-information/rights.ts';
export { THRESHOLDS } from './domain/personal-information/scale.ts';
export type { ScaleCommands, ScaleRecord, ScaleView } from './domain/personal-information/scale.ts';
export { routeNeeded } from './domain/personal-information/transfers.ts';
export type { Passed, RecipientRecord, TransferCommands, TransferYear } from './domain/personal-information/transfers.ts';
export { createProjector } from './domain/personal-information/projection.ts';
export type { FieldMap, Projection, Projector } from './domain/personal-information/projection.ts';
export type { AccessItem, CanaryRecord } from './domain/personal-information/records.ts';
export { huntCanaries, makeCanaries } from './recognition/canaries.ts';
export type { Canaries, Leak, Sink } from './recognition/canaries.ts';
export { PERSONAL_KINDS } from './recognition/kinds.ts';
export type { PersonalKind, Recognised } from './recognition/kinds.ts';
export { recognise, redact } from './recognition/recognise.ts';
export { recogniseIn, redactIn } from './recognition/values.ts';
export type { Found } from './recognition/values.ts';
export { PERSONAL_FIELDS, PURPOSES } from './rules/personal-fields.ts';
export type { PersonalField, Purpose, Sight } from './rules/personal-fields.ts';
export {
  ASSESSMENT_SCHEMA,
  CONSENT_SCHEMA,
  INCIDENT_SCHEMA,
  INCIDENT_STEP_SCHEMA,
  NOTICE_SCHEMA,
  RECIPIENT_SCHEMA,
  RIGHTS_ANSWER_SCHEMA,
  RIGHTS_REQUEST_SCHEMA,
  SCALE_DUTY_SCHEMA,
  SCALE_SCHEMA,
  TRANSFER_SCHEMA,
  WITHDRAWAL_SCHEMA,
} from './rules/privacy-schemas.ts';
export { ACCESS_SCHEMA, CANARY_SCHEMA, EXPORT_SCHEMA } from './rules/personal-schemas.ts';
export type { ClockView, DischargedDuty, DutyCommands, OpenedDuty } from './domain/duties/duties.ts';
export type { DutyEvent, DutyHooks } from './domain/duties/context.ts';
export type { FeedCommands } from './domain/duties/calendar-feed.ts';
export { dueOf } from './domain/duties/due.ts';
export type { DutyState } from './domain/duties/due.ts';
export type { DutyList, DutyView } from './domain/duties/view.ts';
export { missedDuties } from './domain/duties/missed.ts';
export type { MissedDuties } from './domain/duties/missed.ts';
export type { DutyRecord } from './domain/duties/records.ts';
export { CLOCKS, clockOf } from './rules/clocks.ts';
export type { DutyClock, Length } from './rules/clocks.ts';
export { DUTY_SCHEMA, PROOF_SCHEMA } from './rules/duty-schemas.ts';
export type { CredentialCommands, WrittenCredential } from './domain/disclosure/credentials.ts';
export type { ChangeCommands, ReportedChange } from './domain/disclosure/changes.ts';
export type { DisclosureHooks, GapEvent } from './domain/disclosure/context.ts';
export type { DisclosureDocument, DisclosureItem } from './domain/disclosure/document.ts';
export type { EndingCommands, EndingView } from './domain/disclosure/ending.ts';
export type { MonitorCommands, PageResult } from './domain/disclosure/monitor.ts';
export type { ProfileCommands, SavedDisclosure } from './domain/disclosure/profile.ts';
export type { CaptureRecord, ChangeRecord, CredentialRecord, DisclosureRecord, EndingRecord } from './domain/disclosure/records.ts';
export { disclosureFragment, disclosurePage } from './domain/disclosure/render.ts';
export {
  CREDENTIAL_SCHEMA,
  DEREGISTRATION_SCHEMA,
  DISCLOSURE_SCHEMA,
  ENDING_SCHEMA,
  RECEIPT_SCHEMA,
  SIGHTING_SCHEMA,
  WAIVER_SCHEMA,
} from './rules/disclosure-schemas.ts';
export type { RectificationCommands, RectificationRecord, RectificationView } from './domain/supervision/rectifications.ts';
export type { SecurityCommands, SecurityRecord, SecurityStatus } from './domain/supervision/security.ts';
export { RECTIFICATION_SCHEMA, RECTIFICATION_STEP_SCHEMA, SECURITY_PROOF_SCHEMA } from './rules/supervision-schemas.ts';
export type { ChargeCommands, ChargeDecision, ChargeReason, RefundView } from './domain/fees/charges.ts';
export type { FeeHooks } from './domain/fees/context.ts';
export type { PriceListCommands, PublishedPriceList } from './domain/fees/price-list.ts';
export type { DueReconciliations, ReconcileCommands, ReconciliationView } from './domain/fees/reconcile.ts';
export type {
  ChargeReasonCode,
  ChargeRecord,
  Difference,
  PriceItem,
  PriceListRecord,
  ReconciliationRecord,
  RefundRecord,
} from './domain/fees/records.ts';
export {
  CHARGE_SCHEMA,
  PRICE_LIST_SCHEMA,
  PRICE_LIST_WITHDRAWAL_SCHEMA,
  RECONCILIATION_SCHEMA,
  REFUND_SCHEMA,
} from './rules/fee-schemas.ts';
export type { ChargeInput, PriceListInput, ReconciliationInput } from './rules/fee-schemas.ts';
export type { AcceptanceCommands, AcceptedRules, Leaving, RuleStanding } from './domain/platform-rules/acceptances.ts';
export type { RuleCommentCommands } from './domain/platform-rules/comments.ts';
export type { RulePageCommands } from './domain/platform-rules/pages.ts';
export type {
  AcceptanceRecord,
  DiffPart,
  RuleCommentRecord,
  RuleDocument,
  RuleSection,
  RuleState,
  RuleVersionHead,
  RuleVersionRecord,
  RuleVersionView,
  SectionDiff,
} from './domain/platform-rules/records.ts';
export type { RuleVersionCommands, WrittenRules } from './domain/platform-rules/versions.ts';
export {
  RULE_ACCEPTANCE_SCHEMA,
  RULE_COMMENT_SCHEMA,
  RULE_LEAVING_SCHEMA,
  RULE_PROPOSAL_SCHEMA,
  RULE_PUBLICATION_SCHEMA,
  RULE_RETRACTION_SCHEMA,
} from './rules/platform-rule-schemas.ts';
export { UNFAIR_TERMS } from './rules/unfair-terms.ts';
export type { TermWarning } from './rules/unfair-terms.ts';
export type { OperatorDutyCommands } from './operator-duties.ts';
export { auditDeadlines } from './domain/self-audit/audits.ts';
export type { AuditDeadline } from './domain/self-audit/deadline.ts';
export type { AuditCommands, AuditStatus, AuditView, FindingView, Probes } from './domain/self-audit/audits.ts';
export type { AuditItem, AuditRecord, FindingRecord, ProbeResult } from './domain/self-audit/records.ts';
export { ASSIGNMENT_SCHEMA, ATTESTATION_SCHEMA, AUDIT_SCHEMA, REMEDY_SCHEMA } from './rules/audit-schemas.ts';
export { AUDIT_CHECKS } from './rules/self-audit-checks.ts';
export type { AuditCheck } from './rules/self-audit-checks.ts';
export type { Claim, RunCommands, RunOutcome, RunRecord } from './domain/schedule/runs.ts';
export { JOBS } from './rules/jobs.ts';
export type { Job, Schedule } from './rules/jobs.ts';
export type { DeclaredLoss, LossCommands } from './domain/declare-loss.ts';
export type { Anchor, AnchoredCheckpoint, AnchorReceipt, Handover } from './evidence/anchors/anchor.ts';
export { archiveAnchor } from './evidence/anchors/archive.ts';
export type { ArchiveAnchorOptions } from './evidence/anchors/archive.ts';
export { fileAnchor } from './evidence/anchors/file.ts';
export type { FileAnchorOptions } from './evidence/anchors/file.ts';
export { httpAnchor } from './evidence/anchors/http.ts';
export type { HttpAnchorOptions } from './evidence/anchors/http.ts';
export { startPublisher } from './evidence/anchors/publisher.ts';
export type { Anchoring, Publisher, PublisherContext } from './evidence/anchors/publisher.ts';
export type { AnchorTrouble } from './evidence/anchors/rows.ts';
export { anchorStates } from './evidence/anchors/state.ts';
export type { AnchorState } from './evidence/anchors/state.ts';
export { witnessClock } from './evidence/anchors/witness-clock.ts';
export { witnessAnchor } from './evidence/anchors/witness.ts';
export type { WitnessAnchorOptions } from './evidence/anchors/witness.ts';
export { createCosigner, isWitnessKey, openCosignature } from './evidence/cosignature.ts';
export type { Cosignature, Cosigner } from './evidence/cosignature.ts';
export { createLog } from './evidence/log.ts';
export type { EvidenceLog, InclusionReceipt, LogOptions } from './evidence/log.ts';
export type { Head, LogRow } from './evidence/stored.ts';
export type { Loss } from './evidence/loss.ts';
export { verifyEvidence } from './evidence/verify/verify.ts';
export { bundleLines } from './evidence/disclosure/write.ts';
export type { BundleOptions } from './evidence/disclosure/write.ts';
export { verifyBundle } from './evidence/disclosure/verify.ts';
export type { BundleVerifyOptions } from './evidence/disclosure/verify.ts';
export { publishTiles } from './evidence/tiles/publish.ts';
export type { Published, PublishOptions } from './evidence/tiles/publish.ts';
export { restoreEvidence } from './evidence/tiles/restore.ts';
export type { Restored, RestoreOptions } from './evidence/tiles/restore.ts';
export type { TreeFile } from './evidence/tiles/serve.ts';
export { verifyTiles } from './evidence/tiles/verify-tree.ts';
export type { TreeFault, TreeFinding, TreeReport } from './evidence/tiles/findings.ts';
export type { TreeSource, TreeTarget } from './evidence/tiles/trees.ts';
export type { TreeProgress, TreeResume, TreeVerifyOptions, TreeVerifyReport } from './evidence/tiles/verify-tree.ts';
export type { Fault, FaultKind, KeptCheckpoint, TenantReport, VerifyOptions, VerifyReport } from './evidence/verify/verify.ts';
export { leafHash, verifyConsistency, verifyInclusion } from './evidence/merkle.ts';
export type { EvidenceReads } from './evidence/reads.ts';
export { createSigner, openCheckpoint } from './evidence/note.ts';
export type { Checkpoint, Signer } from './evidence/note.ts';
export type {
  Finding,
  Ground,
  LabelledGround,
  Modifier,
  Outcome,
  Pack,
  Rule,
  RuleClass,
  RuleException,
  ScreenInput,
  ScreenOptions,
  ScreenResult,
  Severity,
} from './screening/types.ts';
export { citationText, cite, INSTRUMENTS } from './rules/instruments.ts';
export { OBLIGATIONS } from './rules/obligations.ts';
export type { BoundParty, Obligation, ObligationVerb } from './rules/obligations.ts';
export { CN_NATIONAL } from './rules/pack-cn-national.ts';
export { PENALTIES } from './rules/penalties.ts';
export type { Penalty, PenaltyCode, PenaltyTrigger } from './rules/penalties.ts';
export { PERMISSIONS } from './rules/permissions.ts';
export type { Verb } from './rules/permissions.ts';
export { POSTING_NOTES, POSTING_SCHEMA, RELAXABLE_FIELDS } from './rules/posting-schema.ts';
export type { PostingContent } from './rules/posting-schema.ts';
export { FOREIGN_HIRE_CHECKLIST, REASONS } from './rules/reasons.ts';
export {
  APPEAL_SCHEMA,
  ERASURE_SCHEMA,
  LIFT_SCHEMA,
  LOSS_SCHEMA,
  MATERIAL_KINDS,
  MATERIAL_SCHEMA,
  OPERATOR_SCHEMA,
  ORGANISATION_SCHEMA,
  SCREENING_SCHEMA,
  TAKEDOWN_SCHEMA,
  VERDICT_SCHEMA,
} from './rules/schemas.ts';
export type { MaterialKind } from './rules/schemas.ts';
export { SEALED_FIELDS } from './rules/sealed-fields.ts';
export type { SealedField } from './kernel/confidential.ts';
export { choosePack, comparePacks, overlayPack } from './screening/packs.ts';
export type { PackChanges } from './screening/packs.ts';
export { CONTEXT_FLAGS } from './screening/contexts.ts';
export type { ContextFlag } from './screening/contexts.ts';
export { compilePack, screen } from './screening/engine.ts';
export type { CompiledPack } from './screening/engine.ts';
