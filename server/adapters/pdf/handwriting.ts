// A picture that looks like a hand-written signature: the last two words of a name in connected pen strokes, with
// their Vietnamese marks and a flourish. It is strokes only, no text (TT 01/2019: the picture of a personal signature
// carries no textual information), and it stands for the scanned signature that an agency will upload later.

import { n, smoothCurve } from './drawing.ts';
import type { Point } from './drawing.ts';

/** Pen paths on a grid: baseline 0, x-height 1, ascender 2, descender -1; pairs "x,y" joined by spaces. */
const LETTERS: Readonly<Record<string, readonly [width: number, path: string, extra?: string]>> = {
  a: [1.15, '0.9,0.85 0.5,1 0.1,0.5 0.4,0 0.8,0.4 0.95,0.95 0.88,0.2 1.15,0.12'],
  b: [1.05, '0.1,0.4 0.45,1.6 0.3,2 0.15,1.3 0.15,0.2 0.5,0 0.8,0.5 0.55,0.85 1.02,0.7'],
  c: [0.85, '0.1,0.45 0.32,0.92 0.74,0.86 0.4,0.97 0.1,0.5 0.42,0 0.88,0.25'],
  d: [1.2, '0.85,0.8 0.45,1 0.1,0.45 0.4,0 0.8,0.5 1,2 0.9,0.3 1.2,0.12'],
  e: [0.85, '0.1,0.4 0.6,0.6 0.7,0.9 0.4,1 0.15,0.5 0.45,0 0.88,0.3'],
  f: [0.8, '0.1,0.4 0.6,1.7 0.4,2 0.25,0.6 0.15,-0.9 0.4,-0.6 0.4,0.2 0.8,0.3'],
  g: [1.1, '0.9,0.85 0.5,1 0.1,0.5 0.4,0.05 0.85,0.6 0.8,-0.6 0.45,-1 0.25,-0.6 1.1,0.2'],
  h: [1.05, '0.1,0.4 0.5,1.7 0.3,2 0.15,1 0.1,0 0.4,0.8 0.75,0.9 0.75,0.2 1.05,0.15'],
  i: [0.55, '0.1,0.3 0.3,0.95 0.25,0.2 0.55,0.15'],
  j: [0.6, '0.1,0.3 0.35,0.95 0.3,-0.6 0.05,-1 0,-0.6 0.6,0.2'],
  k: [1.05, '0.1,0.4 0.5,1.7 0.3,2 0.15,1 0.1,0 0.4,0.7 0.75,0.9 0.35,0.5 0.8,0.05 1.05,0.2'],
  l: [0.6, '0.1,0.4 0.5,1.6 0.35,2 0.15,1.2 0.25,0.1 0.6,0.2'],
  m: [1.4, '0.05,0.6 0.2,0.95 0.15,0 0.4,0.8 0.6,0.9 0.6,0.05 0.85,0.8 1.05,0.9 1.05,0.2 1.38,0.15'],
  n: [1, '0.05,0.6 0.2,0.95 0.15,0 0.45,0.8 0.7,0.9 0.7,0.2 1,0.15'],
  o: [1, '0.6,0.95 0.2,0.8 0.1,0.3 0.45,0 0.8,0.5 0.55,0.95 0.65,0.75 1.02,0.75'],
  p: [1, '0.1,0.5 0.3,0.95 0.15,-1 0.25,0.5 0.6,1 0.8,0.5 0.4,0.05 1,0.2'],
  q: [1.1, '0.9,0.85 0.5,1 0.1,0.5 0.4,0.05 0.85,0.6 0.8,-1 0.95,-0.4 1.12,0.2'],
  r: [0.75, '0.1,0.3 0.25,1.1 0.45,0.9 0.45,0.2 0.75,0.15'],
  s: [0.8, '0.1,0.2 0.4,1.05 0.65,0.4 0.3,0 0.82,0.2'],
  t: [0.6, '0.1,0.3 0.35,1.5 0.25,0.2 0.6,0.15', '0,1.05 0.6,1.15'],
  u: [1.05, '0.1,0.9 0.1,0.3 0.4,0 0.7,0.5 0.75,0.95 0.75,0.2 1.05,0.15'],
  v: [0.95, '0.1,0.9 0.35,0 0.7,0.9 0.95,0.75'],
  w: [1.3, '0.1,0.9 0.3,0 0.6,0.8 0.85,0 1.1,0.9 1.3,0.75'],
  x: [1, '0.1,0.9 0.4,0.5 0.7,0.05 1,0.2', '0.75,0.95 0.1,0.05'],
  y: [1.1, '0.1,0.9 0.15,0.4 0.45,0.1 0.8,0.9 0.7,-0.7 0.4,-1 0.3,-0.6 1.1,0.2'],
  z: [0.9, '0.1,0.85 0.7,0.95 0.15,0.05 0.9,0.15'],
};

/** Marks above or below a letter, around x = 0, y = 0 at the top of the letter. */
const MARKS: Readonly<Record<string, string>> = {
  '\u0300': '-0.3,0.55 0.1,0.25', // huyền
  '\u0301': '-0.1,0.25 0.35,0.65', // sắc
  '\u0303': '-0.35,0.3 -0.12,0.48 0.12,0.3 0.38,0.5', // ngã
  '\u0309': '-0.15,0.55 0.08,0.65 0.15,0.45 0,0.2', // hỏi
  '\u0323': '-0.05,-1.35 0.05,-1.3', // nặng, below the baseline
  '\u0302': '-0.3,0.2 0,0.45 0.3,0.2', // mũ
  '\u0306': '-0.3,0.45 0,0.22 0.3,0.45', // trăng
  '\u031b': '0.35,-0.2 0.6,-0.02 0.55,0.2', // móc
};
const BASE_MARKS = new Set(['\u0302', '\u0306', '\u031b']);
const SLANT = 0.38;
const RISE = 0.13;
const CAPITAL_SCALE = 1.75;
const BLUE = '0.05 0.16 0.62';

type Stroke = readonly Point[];
interface Pen {
  readonly strokes: Point[][];
  line: Point[];
  x: number;
}

const pointsOf = (path: string): Point[] =>
  path.split(' ').map((pair) => {
    const [x = '0', y = '0'] = pair.split(',');
    return { x: Number(x), y: Number(y) };
  });

const place = (path: string, x: number, y: number, scale: number): Point[] =>
  pointsOf(path).map((point) => ({ x: x + point.x * scale, y: y + point.y * scale }));

/** One letter with its marks; the line runs on into the next letter. */
function writeLetter(pen: Pen, letter: string): void {
  const [base = '', ...marks] = letter.normalize('NFD');
  const isCapital = base !== base.toLowerCase();
  const isBarred = base === 'đ' || base === 'Đ';
  const shape = LETTERS[isBarred ? 'd' : base.toLowerCase()];
  if (shape === undefined) return;
  const [width, path, extra] = shape;
  const scale = isCapital ? CAPITAL_SCALE : 1;
  pen.line.push(...place(path, pen.x, 0, scale));
  if (extra !== undefined) pen.strokes.push(place(extra, pen.x, 0, scale));
  if (isBarred) pen.strokes.push(place('0.55,1.45 1.3,1.5', pen.x, 0, scale));
  if (base === 'i' && marks.length === 0) pen.strokes.push(place('0.32,1.4 0.36,1.46', pen.x, 0, scale));
  const middle = pen.x + (width * scale) / 2;
  const top = 'bdđhkl'.includes(base) ? 2 : isCapital ? CAPITAL_SCALE * 1.02 : 1.05;
  const hasBaseMark = marks.some((mark) => mark === '\u0302' || mark === '\u0306');
  for (const mark of marks) {
    const stroke = MARKS[mark];
    if (stroke === undefined) continue;
    const lift = hasBaseMark && !BASE_MARKS.has(mark) ? 0.35 : 0;
    const isDot = mark === '\u0323';
    pen.strokes.push(place(stroke, middle + (lift > 0 ? 0.25 : 0), isDot ? 1 - 0.05 : top + lift, 1));
  }
  pen.x += width * scale + 0.02;
}

/** A long stroke that leaves the last letter, swings back under the name and out to the right. */
function flourish(width: number): Point[] {
  return [
    { x: width + 0.9, y: 0.9 },
    { x: width + 1.5, y: 0.5 },
    { x: width * 0.75, y: -0.75 },
    { x: width * 0.12, y: -1.15 },
    { x: width * 0.02, y: -0.95 },
    { x: width * 0.5, y: -1.05 },
    { x: width * 1.25, y: -0.3 },
  ];
}

function strokesOf(fullName: string): Stroke[] {
  const words = fullName
    .normalize('NFC')
    .split(/\s+/)
    .filter((word) => word !== '');
  const pen: Pen = { strokes: [], line: [], x: 0 };
  for (const word of words.slice(-2)) {
    for (const letter of word) writeLetter(pen, letter);
    pen.strokes.push(pen.line);
    pen.line = [];
    pen.x += 0.25;
  }
  // A name without a single Latin letter still gets the flourish, so that the field is never empty.
  const last = pen.strokes.findLast((stroke) => stroke.length > 2);
  if (last === undefined) pen.strokes.push(flourish(4));
  else last.push(...flourish(pen.x));
  const slanted = ({ x, y }: Point): Point => ({ x: x + y * SLANT, y: y + x * RISE });
  return pen.strokes.filter((stroke) => stroke.length > 1).map((stroke) => smoothCurve(stroke, 7).map(slanted));
}

/** Operators that draw the signature of `fullName` inside a box at the origin. Down-strokes press harder. */
export function drawHandwriting(fullName: string, width: number, height: number): string {
  const strokes = strokesOf(fullName);
  const all = strokes.flat();
  const left = Math.min(...all.map((point) => point.x));
  const right = Math.max(...all.map((point) => point.x));
  const bottom = Math.min(...all.map((point) => point.y));
  const top = Math.max(...all.map((point) => point.y));
  const margin = 2;
  const scale = Math.min((width - 2 * margin) / (right - left), (height - 2 * margin) / (top - bottom), 15);
  const shift: Point = { x: (width - (right - left) * scale) / 2, y: (height - (top - bottom) * scale) / 2 };
  const parts = ['q', `${BLUE} RG 1 J 1 j`];
  for (const stroke of strokes) {
    for (let index = 1; index < stroke.length; index += 1) {
      const from = stroke[index - 1] ?? { x: 0, y: 0 };
      const to = stroke[index] ?? from;
      const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
      const pressure = 0.55 + 0.75 * Math.max(0, (from.y - to.y) / length);
      const start = `${n((from.x - left) * scale + shift.x)} ${n((from.y - bottom) * scale + shift.y)}`;
      const end = `${n((to.x - left) * scale + shift.x)} ${n((to.y - bottom) * scale + shift.y)}`;
      parts.push(`${n(pressure * Math.min(1.3, scale * 0.11))} w ${start} m ${end} l S`);
    }
  }
  return [...parts, 'Q'].join('\n');
}
