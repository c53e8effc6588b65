// The words in which a difference between two revisions is told: a class, a code, and where. The classes are those of
// EU DSS and pyHanko, ordered by how much they may alter what a reader sees; rules name a class, permissions judge it.

export const LEVELS = ['none', 'long-term', 'form-filling', 'annotation', 'other'] as const;
export type ChangeLevel = (typeof LEVELS)[number];

export type ChangeCode =
  | 'INFO_CHANGED'
  | 'METADATA_CHANGED'
  | 'EXTENSIONS_CHANGED'
  | 'EVIDENCE_ADDED'
  | 'STRUCTURE_EXTENDED'
  | 'TIMESTAMP_ADDED'
  | 'FORM_SETTINGS_CHANGED'
  | 'SIGNATURE_FIELD_ADDED'
  | 'SIGNATURE_ADDED'
  | 'VISIBLE_SIGNATURE_ADDED'
  | 'SIGNATURE_FIELD_FILLED'
  | 'FIELD_FILLED'
  | 'FIELD_CHANGED'
  | 'FIELD_REDRAWN'
  | 'FIELD_APPEARANCE_CHANGED'
  | 'NUMBER_STAMP_ADDED'
  | 'COMMENT_ADDED'
  | 'COMMENT_CHANGED'
  | 'COMMENT_REMOVED'
  // From here on nothing may excuse it.
  | 'CONTENT_ANNOTATION_ADDED'
  | 'ANNOTATION_REMOVED'
  | 'CATALOG_CHANGED'
  | 'EVIDENCE_MALFORMED'
  | 'FORM_CHANGED'
  | 'FIELD_ADDED'
  | 'FIELD_REMOVED'
  | 'FIELD_LOCKED'
  | 'FIELD_ALTERED'
  | 'FIELD_SHOWS_OTHER_VALUE'
  | 'SIGNATURE_REPLACED'
  | 'PAGES_CHANGED'
  | 'PAGE_CHANGED'
  | 'STRUCTURE_CHANGED'
  | 'OBJECT_CHANGED'
  | 'HISTORY_BROKEN'
  | 'REVISION_UNREADABLE';

export interface Change {
  readonly level: ChangeLevel;
  readonly code: ChangeCode;
  /** For people who look into the file: a key, a field name, an object number. */
  readonly where: string;
}

export const worstLevel = (levels: readonly ChangeLevel[]): ChangeLevel =>
  levels.reduce<ChangeLevel>((worst, level) => (LEVELS.indexOf(level) > LEVELS.indexOf(worst) ? level : worst), 'none');
