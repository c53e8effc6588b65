// Where signatures, number and date stand: proposed by the draft, and adjustable by the signer before anything is signed.
// A place is accepted only on a page of the file and of a size that people can read; the reader of signatures would call
// a stamp outside of the heading a modification, so number and date stay on page 1.

import type { DocumentVersion, LayoutAnchors } from '../modules/documents/index.ts';
import type { PageRect } from '../modules/signing/index.ts';
import { AppError } from '../shared/app-error.ts';

export type SigningPlaces = { readonly [P in keyof LayoutAnchors]?: PageRect | undefined };

/** Every version of an outgoing document has anchors; only received files have none. */
export function anchorsOf(version: DocumentVersion): LayoutAnchors {
  if (version.anchors === null) throw new AppError('bug', 'DOCUMENT_WITHOUT_ANCHORS', 'Expected an outgoing version');
  return version.anchors;
}

const LARGEST_PAGE = 14_400;
const SMALLEST = 10;

function isSound(place: PageRect, pageCount: number): boolean {
  const isOnPage = Number.isInteger(place.page) && place.page >= 1 && place.page <= pageCount;
  const isLarge = place.width >= SMALLEST && place.height >= SMALLEST;
  const isInside = place.x >= 0 && place.y >= 0 && place.x + place.width <= LARGEST_PAGE;
  return isOnPage && isLarge && isInside && place.y + place.height <= LARGEST_PAGE;
}

/** The anchors with the signer's own places. Throws AppError SIGNING_PLACE_INVALID (rule). */
export function adjustPlaces(version: DocumentVersion, places: SigningPlaces | undefined): LayoutAnchors {
  const anchors = anchorsOf(version);
  if (places === undefined) return anchors;
  const chosen = {
    number: places.number ?? anchors.number,
    date: places.date ?? anchors.date,
    personalSignature: places.personalSignature ?? anchors.personalSignature,
    agencySignature: places.agencySignature ?? anchors.agencySignature,
  };
  const wrong = Object.entries(places).find(([, place]) => place !== undefined && !isSound(place, version.pageCount));
  const isStampElsewhere = chosen.number.page !== 1 || chosen.date.page !== 1;
  if (wrong === undefined && !isStampElsewhere) return chosen;
  throw new AppError('rule', 'SIGNING_PLACE_INVALID', 'The place lies outside of the pages or is too small', {
    details: { place: wrong?.[0] ?? 'number' },
  });
}
