/** A sentence in both languages a user may read (中文 and English). */
export interface Text {
  readonly zh: string;
  readonly en: string;
}
