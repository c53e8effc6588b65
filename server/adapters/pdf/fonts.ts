// The four faces of Tinos, the free metric twin of Times New Roman, and how a subset of one is embedded in an
// increment. Texts are mapped character by character in NFC: Vietnamese letters are single code points in this font,
// so no shaping is needed. A character that the font lacks is refused, never drawn as an empty box.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import * as fontkit from 'fontkit';
import { AppError } from '../../shared/app-error.ts';
import { array, dict, name, stream } from './core/objects.ts';
import type { PdfObject, PdfRef } from './core/objects.ts';
import type { IncrementalUpdate } from './core/update.ts';
import { createMemo } from './memo.ts';

export type FaceName = 'regular' | 'bold' | 'italic' | 'boldItalic';

export interface Face {
  readonly bytes: Uint8Array;
  readonly font: fontkit.Font;
  readonly baseName: string;
}

const FILES: Readonly<Record<FaceName, readonly [path: string, baseName: string]>> = {
  regular: ['400Regular/Tinos_400Regular.ttf', 'Tinos-Regular'],
  bold: ['700Bold/Tinos_700Bold.ttf', 'Tinos-Bold'],
  italic: ['400Regular_Italic/Tinos_400Regular_Italic.ttf', 'Tinos-Italic'],
  boldItalic: ['700Bold_Italic/Tinos_700Bold_Italic.ttf', 'Tinos-BoldItalic'],
};

const require = createRequire(import.meta.url);
const loaded = new Map<FaceName, Face>();

/** Reads a face once per process; the files never change. */
export function loadFace(face: FaceName): Face {
  const known = loaded.get(face);
  if (known !== undefined) return known;
  const [path, baseName] = FILES[face];
  const bytes = new Uint8Array(readFileSync(require.resolve(`@expo-google-fonts/tinos/${path}`)));
  const fresh = { bytes, font: fontkit.create(bytes), baseName };
  loaded.set(face, fresh);
  return fresh;
}

export function glyphOf(face: Face, character: string): fontkit.Glyph {
  const codePoint = character.codePointAt(0) ?? 0;
  if (!face.font.hasGlyphForCodePoint(codePoint)) {
    const shown = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
    throw new AppError('rule', 'LETTER_TEXT_UNSUPPORTED', `The letter font has no character ${shown}`, {
      details: { codePoint: shown },
    });
  }
  return face.font.glyphForCodePoint(codePoint);
}

/** Width in points. */
export function widthOf(face: Face, text: string, size: number): number {
  let units = 0;
  for (const character of text.normalize('NFC')) units += glyphOf(face, character).advanceWidth;
  return (units * size) / face.font.unitsPerEm;
}

/** Six capitals that depend on the content only: subset fonts must carry a tag (ISO 32000-1, 9.6.4). */
export function subsetTag(seed: string): string {
  const digest = createHash('sha256').update(seed).digest();
  return [...digest.subarray(0, 6)].map((byte) => String.fromCharCode(65 + (byte % 26))).join('');
}

export interface EmbeddedFont {
  readonly ref: PdfRef;
  /** The string operand of Tj for this text, in hexadecimal. */
  encode(text: string): string;
}

interface SubsetGlyph {
  readonly id: number;
  readonly width: number;
  readonly character: string;
}

function toUnicodeMap(glyphs: readonly SubsetGlyph[]): Buffer {
  const hex4 = (value: number): string => value.toString(16).padStart(4, '0');
  const utf16 = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('hex');
  const lines = ['/CIDInit /ProcSet findresource begin', '12 dict begin', 'begincmap'];
  lines.push('/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def');
  lines.push('/CMapName /Adobe-Identity-UCS def', '/CMapType 2 def');
  lines.push('1 begincodespacerange', '<0000> <ffff>', 'endcodespacerange');
  for (let start = 0; start < glyphs.length; start += 100) {
    const part = glyphs.slice(start, start + 100);
    lines.push(`${part.length} beginbfchar`);
    for (const glyph of part) lines.push(`<${hex4(glyph.id)}> <${utf16(glyph.character)}>`);
    lines.push('endbfchar');
  }
  lines.push('endcmap', 'CMapName currentdict /CMap defineresource pop', 'end', 'end');
  return Buffer.from(lines.join('\n'), 'latin1');
}

/** What a subset puts into a file, apart from object numbers: depends on the face and the characters alone. */
interface Subset {
  readonly fontName: string;
  readonly glyphs: ReadonlyMap<string, SubsetGlyph>;
  readonly list: readonly SubsetGlyph[];
  readonly program: PdfObject;
  readonly toUnicode: PdfObject;
}

const subsets = createMemo<Subset>();

const flate = (data: Uint8Array, extra: Readonly<Record<string, PdfObject>> = {}): PdfObject =>
  stream({ ...extra, Filter: name('FlateDecode') }, deflateSync(data));

function makeSubset(face: Face, characters: readonly string[]): Subset {
  const subset = face.font.createSubset();
  const glyphs = new Map<string, SubsetGlyph>();
  for (const character of characters) {
    const glyph = glyphOf(face, character);
    const width = Math.round((glyph.advanceWidth * 1000) / face.font.unitsPerEm);
    glyphs.set(character, { id: subset.includeGlyph(glyph), width, character });
  }
  const list = [...glyphs.values()].sort((left, right) => left.id - right.id);
  const fontName = `${subsetTag(list.map((glyph) => glyph.character).join(''))}+${face.baseName}`;
  const program = subset.encode();
  return {
    fontName,
    glyphs,
    list,
    program: flate(program, { Length1: program.length }),
    toUnicode: flate(toUnicodeMap(list)),
  };
}

function addDescriptor(update: IncrementalUpdate, face: Face, { fontName, program }: Subset): PdfRef {
  const { font } = face;
  const scaled = (units: number): number => Math.round((units * 1000) / font.unitsPerEm);
  const file = update.add(program);
  const isItalic = font.italicAngle !== 0;
  return update.add(
    dict({
      Type: name('FontDescriptor'),
      FontName: name(fontName),
      // Bits: 2 serif, 3 symbolic (glyphs are addressed by number, not by name), 7 italic.
      Flags: 2 + 4 + (isItalic ? 64 : 0),
      FontBBox: array([font.bbox.minX, font.bbox.minY, font.bbox.maxX, font.bbox.maxY].map(scaled)),
      ItalicAngle: font.italicAngle,
      Ascent: scaled(font.ascent),
      Descent: scaled(font.descent),
      CapHeight: scaled(font.capHeight),
      StemV: 80,
      FontFile2: file,
    }),
  );
}

/** Adds the subset of a face that these texts need, as a composite font with a ToUnicode map. */
export function embedFont(update: IncrementalUpdate, faceName: FaceName, texts: readonly string[]): EmbeddedFont {
  const face = loadFace(faceName);
  const characters = [...new Set(texts.join('').normalize('NFC'))].sort();
  const subset = subsets.get(`${faceName} ${characters.join('')}`, () => makeSubset(face, characters));
  const descendant = update.add(
    dict({
      Type: name('Font'),
      Subtype: name('CIDFontType2'),
      BaseFont: name(subset.fontName),
      CIDSystemInfo: dict({ Registry: latin('Adobe'), Ordering: latin('Identity'), Supplement: 0 }),
      FontDescriptor: addDescriptor(update, face, subset),
      CIDToGIDMap: name('Identity'),
      DW: 1000,
      W: array(subset.list.flatMap((glyph) => [glyph.id, array([glyph.width])])),
    }),
  );
  const ref = update.add(
    dict({
      Type: name('Font'),
      Subtype: name('Type0'),
      BaseFont: name(subset.fontName),
      Encoding: name('Identity-H'),
      DescendantFonts: array([descendant]),
      ToUnicode: update.add(subset.toUnicode),
    }),
  );
  const encode = (text: string): string =>
    [...text.normalize('NFC')]
      .map((character) => (subset.glyphs.get(character)?.id ?? 0).toString(16).padStart(4, '0'))
      .join('');
  return { ref, encode };
}

const latin = (text: string): PdfObject => ({ kind: 'string', bytes: new Uint8Array(Buffer.from(text, 'latin1')) });
