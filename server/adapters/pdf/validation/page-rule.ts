// Pages: the same ones in the same order, with the same content. Only the list of annotations may grow: by widgets of
// signature fields that the form rule has approved, by the number-and-date stamps of the clerk, and by comments. An
// annotation that can pass for content of the page (text, stamp, box) is a modification, whoever allows annotations.

import { pagesOf } from '../core/file.ts';
import type { PdfFile } from '../core/file.ts';
import { LIMITS } from '../core/limits.ts';
import { isDict, isName, isRef } from '../core/objects.ts';
import type { PdfDict, PdfObject, PdfRef } from '../core/objects.ts';
import { PdfFault } from '../core/pdf-fault.ts';
import { isNumberOrDateStamp, stampIdOf } from '../number-stamp.ts';
import type { Comparison, Place } from './comparison.ts';
import type { FormRule } from './form-rule.ts';
import { resolveOrNull } from './references.ts';

/** Marks on top of a text that everybody takes for remarks. They still need a look, because their picture is free. */
const COMMENTS = new Set(['Text', 'Popup', 'Highlight', 'Underline', 'Squiggly', 'StrikeOut', 'Ink', 'Caret']);
const PAGE_KEYS = new Set(['Annots', 'Tabs', 'LastModified']);

interface Page {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
}

/** Without judging boxes, which do not matter for a comparison. */
function pageList(file: PdfFile, root: PdfObject | undefined): readonly Page[] {
  const pages: Page[] = [];
  const seen = new Set<number>();
  const stack: PdfObject[] = [root ?? null];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!isRef(node) || seen.has(node.number)) continue;
    seen.add(node.number);
    if (seen.size > LIMITS.pages) throw new PdfFault('too-complex', 'The page tree is too large');
    const dict = resolveOrNull(file, node);
    if (!isDict(dict)) continue;
    const kids = file.getItems(dict, 'Kids');
    if (dict.entries.has('Kids')) stack.push(...[...kids].reverse());
    else pages.push({ ref: node, dict });
  }
  return pages;
}

export function judgePages(c: Comparison, oldCatalog: PdfDict, nowCatalog: PdfDict, form: FormRule): void {
  const before = pageList(c.old, oldCatalog.entries.get('Pages'));
  const after = pageList(c.now, nowCatalog.entries.get('Pages'));
  const isSameList =
    before.length === after.length && before.every(({ ref }, index) => ref.number === after[index]?.ref.number);
  if (!isSameList) {
    c.note('other', 'PAGES_CHANGED', `${before.length} → ${after.length}`);
    return;
  }
  before.forEach((page, index) => {
    const now = after[index];
    if (now !== undefined) judgePage(c, { before: page, after: now, index }, form);
  });
}

interface PageCase {
  readonly before: Page;
  readonly after: Page;
  readonly index: number;
}

function judgePage(c: Comparison, { before, after, index }: PageCase, form: FormRule): void {
  const place: Place = { number: after.ref.number, path: '' };
  const isPageChanged = c.changed.has(after.ref.number);
  const oldAnnots = c.old.getItems(before.dict, 'Annots');
  const nowAnnots = c.now.getItems(after.dict, 'Annots');
  const annots = after.dict.entries.get('Annots');
  if (isPageChanged) {
    for (const key of c.equality.differingKeys(before.dict, after.dict)) {
      const isNumbered = key === 'StructParents' && c.old.get(before.dict, key) === null;
      if (!PAGE_KEYS.has(key) && !isNumbered) c.note('other', 'PAGE_CHANGED', `${index + 1}/${key}`);
    }
    c.allowAnywhere(after.ref);
  }
  const list = c.enterKey(place, after.dict, 'Annots');
  if (!isPageChanged && !c.isChanged(annots) && !nowAnnots.some((item) => c.isChanged(item))) return;
  const added = addedItems(c, oldAnnots, nowAnnots, index);
  judgeStamps(c, added, index);
  for (const item of added) judgeAddedAnnotation(c, { item, place: c.enter(list, item, '[]'), index }, form);
  for (const item of nowAnnots)
    if (c.isChanged(item) && !added.includes(item)) judgeChangedAnnotation(c, item, index, form);
}

/** What stands in the new list and not in the old one; notes what is missing. A gap that was filled counts as added. */
function addedItems(
  c: Comparison,
  old: readonly PdfObject[],
  now: readonly PdfObject[],
  index: number,
): readonly PdfObject[] {
  const left = [...now];
  for (const item of old) {
    const before = resolveOrNull(c.old, item);
    if (before === null) continue;
    const at = left.findIndex((candidate) => c.equality.isSame(item, candidate));
    if (at >= 0) left.splice(at, 1);
    else if (isDict(before)) noteRemoved(c, before, index);
  }
  return left;
}

function noteRemoved(c: Comparison, annotation: PdfDict, index: number): void {
  const subtype = c.old.get(annotation, 'Subtype');
  const isComment = isName(subtype) && COMMENTS.has(subtype.value);
  c.note(isComment ? 'annotation' : 'other', isComment ? 'COMMENT_REMOVED' : 'ANNOTATION_REMOVED', String(index + 1));
}

/** One number and one date: a second stamp of the same kind would overwrite the first for the eye. */
function judgeStamps(c: Comparison, added: readonly PdfObject[], index: number): void {
  if (index !== 0 || added.length === 0) return;
  const page = firstPage(c);
  const ids = page === undefined ? [] : c.now.getItems(page.dict, 'Annots').map((item) => stampIdOf(c.now, item));
  const found = ids.filter((id) => id !== null);
  if (new Set(found).size !== found.length) c.note('other', 'CONTENT_ANNOTATION_ADDED', '1');
}

/** Stamps are judged by where they stand on the page; a page without a size has no place for one. */
function firstPage(c: Comparison): ReturnType<typeof pagesOf>[number] | undefined {
  try {
    return pagesOf(c.now)[0];
  } catch (error) {
    if (error instanceof PdfFault && error.reason === 'corrupt') return undefined;
    throw error;
  }
}

interface AddedAnnotation {
  readonly item: PdfObject;
  readonly place: Place;
  readonly index: number;
}

function judgeAddedAnnotation(c: Comparison, { item, place, index }: AddedAnnotation, form: FormRule): void {
  const annotation = resolveOrNull(c.now, item);
  if (isRef(item) && form.approvedWidgets.has(item.number)) return;
  if (!isDict(annotation)) {
    if (annotation !== null) c.note('other', 'CONTENT_ANNOTATION_ADDED', String(index + 1));
    return;
  }
  const page = index === 0 ? firstPage(c) : undefined;
  if (page !== undefined && isRef(item) && isNumberOrDateStamp(c.now, page, item)) {
    c.allowSubtree(place, annotation.entries.get('AP'), '/AP');
    c.note('annotation', 'NUMBER_STAMP_ADDED', '1');
    return;
  }
  const subtype = c.now.get(annotation, 'Subtype');
  const isComment = isName(subtype) && COMMENTS.has(subtype.value);
  const hasAction = annotation.entries.has('A') || annotation.entries.has('AA');
  c.allowSubtree(place, annotation.entries.get('AP'), '/AP');
  if (isComment && !hasAction) c.note('annotation', 'COMMENT_ADDED', String(index + 1));
  else c.note('other', 'CONTENT_ANNOTATION_ADDED', String(index + 1));
}

function judgeChangedAnnotation(c: Comparison, item: PdfObject, index: number, form: FormRule): void {
  if (isRef(item) && form.isFieldWidget(item.number)) return;
  const [before, after] = [resolveOrNull(c.old, item), resolveOrNull(c.now, item)];
  if (!isDict(before) || !isDict(after)) return;
  const [old, now] = [c.old.get(before, 'Subtype'), c.now.get(after, 'Subtype')];
  if (!isName(old) || !isName(now, old.value) || !COMMENTS.has(old.value) || after.entries.has('AA')) return;
  if (!isRef(item)) return;
  c.allowSubtree({ number: item.number, path: '' }, after.entries.get('AP'), '/AP');
  c.allowAnywhere(item);
  c.note('annotation', 'COMMENT_CHANGED', String(index + 1));
}
