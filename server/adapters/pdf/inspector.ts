// Judges an uploaded PDF before it becomes a draft version, and says where number, date and signatures go on it. It
// answers facts or one code; foreign bytes never make it throw.

import { catalogOf, openPdf, pagesOf } from './core/file.ts';
import type { PdfFile, PdfPage } from './core/file.ts';
import { PdfFault } from './core/pdf-fault.ts';
import type { PdfFaultReason } from './core/pdf-fault.ts';
import type { LayoutAnchors, PdfFacts, PdfInspector, PdfProblemCode } from '../../modules/documents/ports.ts';
import { err, ok } from '../../shared/result.ts';
import type { Result } from '../../shared/result.ts';
import { formFieldsOf } from './form-fields.ts';
import { findHeadingPlaces } from './heading-place.ts';
import { place } from './page-place.ts';
import { readPageLines } from './page-text.ts';

interface PdfProblem {
  readonly code: PdfProblemCode;
  readonly message: string;
}

const CODES: Readonly<Record<PdfFaultReason, PdfProblemCode>> = {
  'not-pdf': 'FILE_NOT_PDF',
  corrupt: 'PDF_CORRUPT',
  encrypted: 'PDF_ENCRYPTED',
  'too-complex': 'PDF_CORRUPT',
};

/** Millimetres on an A4 letter: x from the left, y from the top (heading) or from the bottom (signatures). */
const HEADING = {
  number: { x: 43.5, y: 38.5, width: 11, height: 4.6 },
  date: { x: 97, y: 38.5, width: 98, height: 4.6 },
} as const;
const SIGNATURES = {
  personal: { x: 128, y: 55, width: 46, height: 26 },
  // The seal is 36 mm wide in the middle of its 46 mm box: its right edge stands at a third of the hand signature.
  agency: { x: 102.3, y: 45.5, width: 46, height: 41.3 },
} as const;

/** Secrecy levels of the law on state secrets, as stamped: alone on a line, in capitals. */
const SECRECY_STAMP = /^(TUYỆT MẬT|TỐI MẬT|MẬT)$/;

function defaultAnchors(
  file: PdfFile,
  pages: readonly [first: PdfPage, last: PdfPage],
  pageCount: number,
): LayoutAnchors {
  const [first, last] = pages;
  const heading = findHeadingPlaces(file, first);
  return {
    number: heading?.number ?? place(first, 1, HEADING.number, 'top'),
    date: heading?.date ?? place(first, 1, HEADING.date, 'top'),
    personalSignature: place(last, pageCount, SIGNATURES.personal, 'bottom'),
    agencySignature: place(last, pageCount, SIGNATURES.agency, 'bottom'),
  };
}

/** A signature field with a value, or a certification entry in the catalog. */
function isSigned(file: PdfFile): boolean {
  const isCertified = file.getDict(catalogOf(file).dict, 'Perms')?.entries.has('DocMDP') === true;
  return isCertified || formFieldsOf(file).some((field) => field.isSignature && file.resolve(field.value) !== null);
}

function judge(file: PdfFile): Result<PdfFacts, PdfProblem> {
  const pages = pagesOf(file);
  const first = pages[0];
  const last = pages[pages.length - 1];
  if (first === undefined || last === undefined) return err({ code: 'PDF_NO_PAGES', message: 'The PDF has no pages' });
  if (isSigned(file)) return err({ code: 'PDF_ALREADY_SIGNED', message: 'The PDF carries a signature already' });
  if (readPageLines(file, first).some((line) => SECRECY_STAMP.test(line))) {
    return err({ code: 'PDF_MARKED_SECRET', message: 'The first page carries a secrecy stamp' });
  }
  return ok({ pageCount: pages.length, defaultAnchors: defaultAnchors(file, [first, last], pages.length) });
}

function inspect(bytes: Uint8Array): Result<PdfFacts, PdfProblem> {
  try {
    return judge(openPdf(bytes));
  } catch (error) {
    if (error instanceof PdfFault) return err({ code: CODES[error.reason], message: error.message });
    throw error;
  }
}

export const createPdfInspector = (): PdfInspector => ({ inspect });
