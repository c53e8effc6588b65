// Adds annotations to a page within an increment, keeping the form in which the page holds its /Annots: a direct
// array stays direct, an array of its own stays an object, because strict verifiers compare exactly that.

import { findPage, pagesOf } from './core/file.ts';
import type { PdfFile, PdfPage } from './core/file.ts';
import { array, isArray, isRef, isSameRef, withEntries } from './core/objects.ts';
import type { PdfObject, PdfRef } from './core/objects.ts';
import type { IncrementalUpdate } from './core/update.ts';
import { AppError } from '../../shared/app-error.ts';

/** `number` counts from 1. Throws AppError SIGNING_PAGE_MISSING. */
export function getPage(file: PdfFile, number: number): PdfPage {
  const page = findPage(file, number);
  if (page === undefined) {
    throw new AppError('rule', 'SIGNING_PAGE_MISSING', `The file has no page ${number}`, { details: { page: number } });
  }
  return page;
}

/** Two pages that share one array would both show the annotation: then the page gets an array of its own. */
function isShared(file: PdfFile, page: PdfPage, holder: PdfRef): boolean {
  return pagesOf(file).some(
    (other) => other.ref.number !== page.ref.number && isSameRef(other.dict.entries.get('Annots'), holder),
  );
}

export function addAnnotations(
  file: PdfFile,
  update: IncrementalUpdate,
  page: PdfPage,
  added: readonly PdfRef[],
): void {
  const holder = page.dict.entries.get('Annots');
  const existing = file.resolve(holder);
  const items: readonly PdfObject[] = isArray(existing) ? existing.items : [];
  const all = array([...items, ...added]);
  if (isRef(holder) && isArray(existing) && !isShared(file, page, holder)) update.set(holder, all);
  else update.set(page.ref, withEntries(page.dict, { Annots: all }));
}
