// Public face of the archive module: case files and archive packages. See README.md.

export type { CaseFile, CaseFileKey, CaseFileWithDocuments } from './case-file.ts';
export { addToCaseFile, exportCaseFile, openOrGetCaseFile } from './commands.ts';
export { ARCHIVE_ERRORS } from './errors.ts';
export type { ArchivePackager } from './ports.ts';
export { findCaseFileOf, getCaseFileFor, listCaseFiles } from './queries.ts';
