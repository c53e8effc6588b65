// Branded ids: a string that cannot be passed where another kind of id is meant.
// `Key` is an engine key (int64 as digits, from a leased block of a sequence); the others are UUIDs or slugs.

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** int64 written as a digit string; made in the process from leased blocks of a database sequence. */
export type Key = Brand<string, 'Key'>;
export type AgencyId = Brand<string, 'AgencyId'>;
export type UserId = Brand<string, 'UserId'>;
export type DocumentId = Brand<string, 'DocumentId'>;
export type PackageId = Brand<string, 'PackageId'>;
export type CaseFileId = Brand<string, 'CaseFileId'>;
/** Lower-case hex of SHA-256 over the bytes; the address of a stored file. */
export type ContentHash = Brand<string, 'ContentHash'>;

/** Marks a string read from a trusted place (database row, checked input) as an id of type T. */
export const asId = <T extends Brand<string, string>>(text: string): T => text as T;
