/** The fields of a posting that are read (筛查字段), in the order in which they are told of. */
export const FIELDS = [
  'title',
  'text',
  'salary',
  'requirements',
  'workContent',
  'workingConditions',
  'employerName',
  'industry',
  'city',
  'address',
  'sourceName',
] as const;

/** The longest field that is read, in UTF-16 code units. */
export const MOST_UNITS = 20_000;
