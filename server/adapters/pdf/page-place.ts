// Between what a reader sees (page turned upright, origin at the lower left of what is shown) and the page's own
// coordinates. Everything that is placed on pages goes through here, so turned and cropped pages come out right.

import type { PageRect } from '../../modules/signing/ports.ts';
import type { PdfPage } from './core/file.ts';

export const MM = 72 / 25.4;
const A4 = { width: 210 * MM, height: 297 * MM } as const;

export type Box = Readonly<Record<'x' | 'y' | 'width' | 'height', number>>;

export function sizeSeen({ box, rotation }: PdfPage): { readonly width: number; readonly height: number } {
  return rotation % 180 === 0 ? { width: box.width, height: box.height } : { width: box.height, height: box.width };
}

/** A point of the page's own coordinates as a reader sees it. */
export function toSeen({ box, rotation }: PdfPage, x: number, y: number): { readonly x: number; readonly y: number } {
  switch (rotation) {
    case 90:
      return { x: y - box.y, y: box.x + box.width - x };
    case 180:
      return { x: box.x + box.width - x, y: box.y + box.height - y };
    case 270:
      return { x: box.y + box.height - y, y: x - box.x };
    default:
      return { x: x - box.x, y: y - box.y };
  }
}

/** From what a reader sees (page turned upright, origin lower left) to the page's own coordinates. */
export function toPage(page: PdfPage, number: number, seen: Box): PageRect {
  const { x: left, y: bottom, width, height } = page.box;
  switch (page.rotation) {
    case 90:
      return {
        page: number,
        x: left + width - seen.y - seen.height,
        y: bottom + seen.x,
        width: seen.height,
        height: seen.width,
      };
    case 180:
      return {
        ...seen,
        page: number,
        x: left + width - seen.x - seen.width,
        y: bottom + height - seen.y - seen.height,
      };
    case 270:
      return {
        page: number,
        x: left + seen.y,
        y: bottom + height - seen.x - seen.width,
        width: seen.height,
        height: seen.width,
      };
    default:
      return { ...seen, page: number, x: left + seen.x, y: bottom + seen.y };
  }
}

/** Places are those of an A4 letter; on a smaller page they shrink with it. */
export function place(page: PdfPage, number: number, box: Box, from: 'top' | 'bottom'): PageRect {
  const { width, height } = sizeSeen(page);
  const scale = Math.min(1, width / A4.width, height / A4.height) * MM;
  const y = from === 'top' ? height - box.y * scale : box.y * scale;
  return toPage(page, number, { x: box.x * scale, y, width: box.width * scale, height: box.height * scale });
}
