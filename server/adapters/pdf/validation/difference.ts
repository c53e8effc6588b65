// The difference between a signed revision and the whole file, judged by what its signer allowed. Both are read through
// their own cross-reference; values are compared, never bytes and never pictures. Worst change decides.

import { catalogOf, openPdf } from '../core/file.ts';
import type { PdfFile } from '../core/file.ts';
import { isDict, isName, isStream } from '../core/objects.ts';
import type { PdfDict } from '../core/objects.ts';
import { ObjectParser } from '../core/parser.ts';
import { PdfFault } from '../core/pdf-fault.ts';
import type { Change, ChangeLevel } from './changes.ts';
import { worstLevel } from './changes.ts';
import { Comparison, differingNumbers, TRAILER } from './comparison.ts';
import type { Place } from './comparison.ts';
import { FormRule } from './form-rule.ts';
import { judgePages } from './page-rule.ts';
import type { Permissions } from './permissions.ts';
import { findReferences } from './references.ts';
import type { Edge } from './references.ts';
import { judgeStructure } from './structure-rule.ts';

export type DifferenceVerdict = 'allowed' | 'reservations' | 'forbidden';

export interface Difference {
  readonly level: ChangeLevel;
  readonly verdict: DifferenceVerdict;
  readonly changes: readonly Change[];
}

export const NO_DIFFERENCE: Difference = { level: 'none', verdict: 'allowed', changes: [] };

const JUDGED_KEYS = new Set(['AcroForm', 'DSS', 'Metadata', 'Extensions', 'Version', 'Pages', 'StructTreeRoot']);
const DSS_KEYS = new Set(['Type', 'Certs', 'CRLs', 'OCSPs', 'VRI', 'TS', 'TU']);
const MAX_EDGES_CACHE = 64;

function judgeCatalog(c: Comparison, permissions: Permissions): void {
  const before = catalogOf(c.old);
  const after = catalogOf(c.now);
  if (before.ref.number !== after.ref.number) {
    c.note('other', 'CATALOG_CHANGED', 'Root');
    return;
  }
  const place = c.enter(TRAILER, after.ref, '/Root');
  const keys = c.equality.differingKeys(before.dict, after.dict);
  for (const key of keys) {
    if (!JUDGED_KEYS.has(key)) c.note('other', 'CATALOG_CHANGED', key);
    if (key === 'Version' || key === 'Extensions') c.note('long-term', 'EXTENSIONS_CHANGED', key);
  }
  c.allowSubtree(place, after.dict.entries.get('Extensions'), '/Extensions');
  if (keys.includes('Version') && !isName(c.now.get(after.dict, 'Version')))
    c.note('other', 'CATALOG_CHANGED', 'Version');
  judgeMetadata(c, place, after.dict, keys.includes('Metadata'));
  judgeEvidence(c, place, after.dict, keys.includes('DSS'));
  const form = new FormRule(c, permissions);
  form.judge(place, before.dict, after.dict);
  judgePages(c, before.dict, after.dict, form);
  judgeStructure(c, place, [before.dict, after.dict], form);
}

function judgeMetadata(c: Comparison, place: Place, catalog: PdfDict, isOther: boolean): void {
  const hasChanged = c.allowSubtree(place, catalog.entries.get('Metadata'), '/Metadata');
  if (!isOther && !hasChanged) return;
  const value = c.now.get(catalog, 'Metadata');
  if (value === null || isStream(value)) c.note('long-term', 'METADATA_CHANGED', 'Metadata');
  else c.note('other', 'CATALOG_CHANGED', 'Metadata');
}

function judgeEvidence(c: Comparison, place: Place, catalog: PdfDict, isOther: boolean): void {
  const hasChanged = c.allowSubtree(place, catalog.entries.get('DSS'), '/DSS');
  if (!isOther && !hasChanged) return;
  const store = c.now.get(catalog, 'DSS');
  const isSound = isDict(store) && [...store.entries.keys()].every((key) => DSS_KEYS.has(key));
  c.note(isSound ? 'long-term' : 'other', isSound ? 'EVIDENCE_ADDED' : 'EVIDENCE_MALFORMED', 'DSS');
}

function judgeInfo(c: Comparison): void {
  const [before, after] = [c.old.trailer.entries.get('Info'), c.now.trailer.entries.get('Info')];
  const hasChanged = c.allowSubtree(TRAILER, after, '/Info');
  if (hasChanged || !c.equality.isSame(before, after)) c.note('long-term', 'INFO_CHANGED', 'Info');
}

/** The newer revisions must continue the signed one: their cross-reference leads to its cross-reference. */
function continues(old: PdfFile, now: PdfFile): boolean {
  // Some writers point at the white space before a section, others at the section.
  const positionOf = (offset: number): number => {
    const parser = new ObjectParser(now.bytes, offset);
    parser.skipSpace();
    return parser.position;
  };
  return now.xref.sections.map(positionOf).includes(positionOf(old.xref.start + old.xref.shift));
}

/** Walking a file for its references is the dear part; several signatures of one file mostly ask about the same objects. */
const walks = new WeakMap<PdfFile, { readonly targets: Set<number>; edges: ReadonlyMap<number, readonly Edge[]> }>();

function referencesTo(now: PdfFile, wanted: ReadonlySet<number>): ReadonlyMap<number, readonly Edge[]> {
  const known = walks.get(now);
  if (known !== undefined && [...wanted].every((number) => known.targets.has(number))) return known.edges;
  const targets = new Set([...(known?.targets ?? []), ...wanted]);
  const edges = findReferences(now, targets);
  walks.set(now, { targets, edges });
  return edges;
}

/** Codes that show something new, which a certification does not expect, whatever its level. */
function isAgainst({ level, code }: Change, permissions: Permissions): boolean {
  if (level === 'other') return true;
  if (level === 'none' || level === 'long-term') return false;
  if (permissions.level === null) return false;
  if (permissions.level === 1) return true;
  if (level === 'annotation') return permissions.level === 2;
  return code === 'VISIBLE_SIGNATURE_ADDED';
}

/** Allowed, but nobody should rely on it without a look. */
function needsLook({ level, code }: Change, permissions: Permissions): boolean {
  if (level === 'annotation') return code !== 'NUMBER_STAMP_ADDED';
  return permissions.level === null && (code === 'FIELD_CHANGED' || code === 'FIELD_APPEARANCE_CHANGED');
}

export function judgeChanges(changes: readonly Change[], permissions: Permissions): Difference {
  const level = worstLevel(changes.map((change) => change.level));
  if (changes.some((change) => isAgainst(change, permissions))) return { level, verdict: 'forbidden', changes };
  const isOpen = changes.some((change) => needsLook(change, permissions));
  return { level, verdict: isOpen ? 'reservations' : 'allowed', changes };
}

const broken = (code: 'HISTORY_BROKEN' | 'REVISION_UNREADABLE', where: string): Difference => ({
  level: 'other',
  verdict: 'forbidden',
  changes: [{ level: 'other', code, where }],
});

/** `end`: where the signed revision ends in `now`. */
export function compareRevision(now: PdfFile, end: number, permissions: Permissions): Difference {
  let old: PdfFile;
  try {
    old = openPdf(now.bytes.subarray(0, end));
  } catch (error) {
    if (error instanceof PdfFault && error.reason !== 'too-complex') return broken('REVISION_UNREADABLE', String(end));
    throw error;
  }
  if (!continues(old, now)) return broken('HISTORY_BROKEN', String(end));
  if (old.xref.start === now.xref.start) return NO_DIFFERENCE;
  const comparison = new Comparison(old, now, referencesTo(now, differingNumbers(old, now)));
  judgeCatalog(comparison, permissions);
  judgeInfo(comparison);
  for (const number of comparison.unexplained().slice(0, MAX_EDGES_CACHE)) {
    comparison.note('other', 'OBJECT_CHANGED', String(number));
  }
  return judgeChanges(comparison.changes, permissions);
}
