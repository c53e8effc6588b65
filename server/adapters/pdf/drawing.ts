// Content-stream building blocks for appearances: numbers, outlines of glyphs, smooth curves through points.
// Everything here is pure text building; the same input gives the same operators.

import { glyphOf } from './fonts.ts';
import type { Face } from './fonts.ts';
import { serializeNumber } from './core/serialize.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Transform = (point: Point) => Point;

/** Hundredths of a point are finer than any printer. */
export const n = (value: number): string => serializeNumber(Math.round(value * 100) / 100);
const at = ({ x, y }: Point): string => `${n(x)} ${n(y)}`;

export const moveTo = (point: Point): string => `${at(point)} m`;
export const lineTo = (point: Point): string => `${at(point)} l`;

/** Distance of control points that makes four cubic curves a circle. */
const KAPPA = 0.5523;

export function circle(center: Point, radius: number): string {
  const { x, y } = center;
  const k = radius * KAPPA;
  return [
    `${n(x + radius)} ${n(y)} m`,
    `${n(x + radius)} ${n(y + k)} ${n(x + k)} ${n(y + radius)} ${n(x)} ${n(y + radius)} c`,
    `${n(x - k)} ${n(y + radius)} ${n(x - radius)} ${n(y + k)} ${n(x - radius)} ${n(y)} c`,
    `${n(x - radius)} ${n(y - k)} ${n(x - k)} ${n(y - radius)} ${n(x)} ${n(y - radius)} c`,
    `${n(x + k)} ${n(y - radius)} ${n(x + radius)} ${n(y - k)} ${n(x + radius)} ${n(y)} c h`,
  ].join('\n');
}

export function star(center: Point, radius: number): string {
  const inner = radius * 0.382;
  const corners = Array.from({ length: 10 }, (_, index): Point => {
    const angle = Math.PI / 2 + (index * Math.PI) / 5;
    const distance = index % 2 === 0 ? radius : inner;
    return { x: center.x + distance * Math.cos(angle), y: center.y + distance * Math.sin(angle) };
  });
  return `${corners.map((corner, index) => (index === 0 ? moveTo(corner) : lineTo(corner))).join(' ')} h`;
}

/** The outline of one glyph in font units, sent through a transform; quadratic curves become cubic ones. */
export function glyphOutline(face: Face, character: string, transform: Transform): string {
  const parts: string[] = [];
  let pen: Point = { x: 0, y: 0 };
  for (const { command, args } of glyphOf(face, character).path.commands) {
    const points: Point[] = [];
    for (let index = 0; index + 1 < args.length; index += 2) {
      points.push({ x: args[index] ?? 0, y: args[index + 1] ?? 0 });
    }
    const end = points[points.length - 1] ?? pen;
    if (command === 'closePath') parts.push('h');
    else if (command === 'moveTo') parts.push(moveTo(transform(end)));
    else if (command === 'lineTo') parts.push(lineTo(transform(end)));
    else
      parts.push(
        `${cubicControls(pen, points)
          .map((point) => at(transform(point)))
          .join(' ')} c`,
      );
    pen = end;
  }
  return parts.join(' ');
}

function cubicControls(start: Point, points: readonly Point[]): readonly Point[] {
  const [control, end] = points;
  if (points.length !== 2 || control === undefined || end === undefined) return points;
  const towards = (from: Point): Point => ({
    x: from.x + (2 / 3) * (control.x - from.x),
    y: from.y + (2 / 3) * (control.y - from.y),
  });
  return [towards(start), towards(end), end];
}

/** A smooth curve through the points (Catmull–Rom), as a fine polyline. */
export function smoothCurve(points: readonly Point[], stepsPerSpan: number): Point[] {
  const curve: Point[] = [];
  for (let span = 0; span + 1 < points.length; span += 1) {
    const p1 = points[span] ?? { x: 0, y: 0 };
    const p2 = points[span + 1] ?? p1;
    const p0 = points[span - 1] ?? p1;
    const p3 = points[span + 2] ?? p2;
    for (let step = 0; step < stepsPerSpan; step += 1) {
      const t = step / stepsPerSpan;
      curve.push({ x: catmullRom([p0.x, p1.x, p2.x, p3.x], t), y: catmullRom([p0.y, p1.y, p2.y, p3.y], t) });
    }
  }
  const last = points[points.length - 1];
  return last === undefined ? curve : [...curve, last];
}

function catmullRom([a, b, c, d]: readonly [number, number, number, number], t: number): number {
  const linear = c - a;
  const square = 2 * a - 5 * b + 4 * c - d;
  const cubic = 3 * b - a - 3 * c + d;
  return b + 0.5 * t * (linear + t * (square + t * cubic));
}
