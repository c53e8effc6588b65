// Bounds for everything that a hostile file could make large. They are far above real official documents (the
// largest measured: 27 MB, 6,500 pages) and far below what would hurt the process.

export const LIMITS = {
  /** Arrays and dictionaries inside one object. */
  nestingDepth: 100,
  pageTreeDepth: 64,
  pages: 20_000,
  /** Cross-reference sections along /Prev: one per save, so hundreds at most. */
  xrefSections: 1_024,
  xrefEntries: 1_000_000,
  /** Highest object number; the format itself ends at 8,388,607. */
  objectNumber: 8_388_607,
  decodedStreamBytes: 64 * 1024 * 1024,
  /** All streams that one reader decodes, so that many small bombs do not add up. */
  decodedTotalBytes: 256 * 1024 * 1024,
  referenceHops: 32,
  formFields: 10_000,
  /** The startxref keyword stands this close to the end; the same window as the common viewers. */
  trailerWindowBytes: 2_048,
  /** The header stands within the first kilobyte (ISO 32000-1, implementation note 13). */
  headerWindowBytes: 1_024,
} as const;
