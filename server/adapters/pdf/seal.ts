// The picture of an agency's seal: a red double circle with the agency's name along it and a star, drawn as outlines
// so that it holds no text and needs no font. It is our own drawing, not a copy of any agency's real seal.

import { circle, glyphOutline, n, star } from './drawing.ts';
import type { Point } from './drawing.ts';
import { loadFace, widthOf } from './fonts.ts';
import { createMemo } from './memo.ts';

const RED = '0.84 0.07 0.11';
/** The name may fill this much of the circle; the rest is kept for the small star at the bottom. */
const MAX_SPAN_RADIANS = (300 * Math.PI) / 180;

const drawn = createMemo<string>();

/** Operators that draw the seal around `center`. */
export const drawSeal = (agencyName: string, center: Point, radius: number): string =>
  drawn.get(`${center.x} ${center.y} ${radius} ${agencyName}`, () => draw(agencyName, center, radius));

function draw(agencyName: string, center: Point, radius: number): string {
  const thick = radius * 0.045;
  const innerRadius = radius * 0.64;
  return [
    'q',
    `${RED} RG ${RED} rg`,
    `${n(thick)} w ${circle(center, radius - thick / 2)} S`,
    `${n(radius * 0.018)} w ${circle(center, radius * 0.92)} S`,
    `${n(radius * 0.018)} w ${circle(center, innerRadius)} S`,
    `${star(center, radius * 0.4)} f`,
    `${star({ x: center.x, y: center.y - radius * 0.78 }, radius * 0.08)} f`,
    drawNameAlongCircle(agencyName, center, radius),
    'Q',
  ].join('\n');
}

function drawNameAlongCircle(agencyName: string, center: Point, radius: number): string {
  const face = loadFace('bold');
  const text = agencyName.normalize('NFC').toLocaleUpperCase('vi');
  const baseline = radius * 0.705;
  const spacing = 1.06;
  const naturalSize = radius * 0.2;
  const naturalSpan = (widthOf(face, text, naturalSize) * spacing) / baseline;
  const size = naturalSize * Math.min(1, MAX_SPAN_RADIANS / naturalSpan);
  const scale = size / face.font.unitsPerEm;
  let angle = Math.PI / 2 + (widthOf(face, text, size) * spacing) / baseline / 2;
  const outlines: string[] = [];
  for (const character of text) {
    const advance = (widthOf(face, character, size) * spacing) / baseline;
    const middle = angle - advance / 2;
    const half = widthOf(face, character, size) / scale / 2;
    const turn = middle - Math.PI / 2;
    outlines.push(
      glyphOutline(face, character, ({ x, y }) => {
        const across = (x - half) * scale;
        const outwards = baseline + y * scale;
        return {
          x: center.x + across * Math.cos(turn) - outwards * Math.sin(turn),
          y: center.y + across * Math.sin(turn) + outwards * Math.cos(turn),
        };
      }),
    );
    angle -= advance;
  }
  return `${outlines.join('\n')} f`;
}
