import type { Text } from './text.ts';

/** A dated legal instrument (法律文件): what a citation points into. */
export interface Instrument {
  /** Stable key used by citations, e.g. `order44`. */
  readonly id: string;
  readonly title: Text;
  /** Document number as published, e.g. `人力资源和社会保障部令第44号`; empty where none is used. */
  readonly number: string;
  /** The text relied on: the year or number of the amendment. Articles are renumbered between versions. */
  readonly version: string;
  /** Civil date (Asia/Shanghai) `YYYY-MM-DD` from which this version binds. */
  readonly effectiveFrom: string;
  /** Last civil date on which this version binds; absent while in force. */
  readonly effectiveTo?: string;
  /** Set for documents divided into clauses (一、二、三…) instead of articles (条). */
  readonly clauses?: true;
}

/** A pointer to one article of one version of one instrument (条文引用). */
export interface Citation {
  /** {@link Instrument.id}. */
  readonly instrument: string;
  /** Article with paragraph and item as used in print: `15(1)`, `17(1)(3)`; `41()(4)` is an item of an article without paragraphs. */
  readonly article: string;
  /** {@link Instrument.version} the article number belongs to. */
  readonly version: string;
}
