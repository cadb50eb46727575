import type { FromSchema } from 'json-schema-to-ts';

/** A clock starts (时限起算). @source the instruments each clock cites */
export const DUTY_SCHEMA = {
  title: 'Duty',
  type: 'object',
  additionalProperties: false,
  required: ['clock', 'subject'],
  properties: {
    clock: { type: 'string', pattern: '^[a-z][a-z0-9-]{1,39}$', description: 'Id of a clock of the table that is kept in the calendar' },
    subject: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$',
      description: 'What it is about: a year, an entrant, a branch; an id, never a name',
    },
    startedOn: { type: 'string', format: 'date', description: 'Day that starts it; for clocks with a length of their own' },
    dueOn: { type: 'string', format: 'date', description: 'Last day; for clocks whose last day somebody else sets' },
    opensOn: { type: 'string', format: 'date', description: 'First day it can be done, where there is a window' },
    source: {
      type: 'object',
      additionalProperties: false,
      required: ['reference', 'sha256'],
      properties: {
        reference: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$' },
        sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      },
      description: 'The order or local notice that sets the last day',
    },
  },
} as const;
export type DutyInput = FromSchema<typeof DUTY_SCHEMA>;

/** What shows that something was done (履行证明). */
export const PROOF_SCHEMA = {
  title: 'Proof',
  type: 'object',
  additionalProperties: false,
  required: ['on', 'reference', 'sha256'],
  properties: {
    on: { type: 'string', format: 'date', description: 'Day it was done' },
    reference: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{3,63}$',
      description: 'Key of the file at the host',
    },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of that file, in hex' },
  },
} as const;
export type ProofInput = FromSchema<typeof PROOF_SCHEMA>;
