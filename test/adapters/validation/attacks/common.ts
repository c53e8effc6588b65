// What the groups of forged files share: the list that they add to, and the parts that several of them forge.

import { bytesOf, LETTER, makeFile, signFile, signLetter, streamBody, textOf } from '../kit.ts';

export interface Case {
  readonly group: string;
  readonly name: string;
  readonly make: () => Uint8Array;
}

export interface Corpus {
  readonly cases: readonly Case[];
  readonly add: (group: string, name: string, make: () => Uint8Array) => void;
}

export function createCorpus(): Corpus {
  const cases: Case[] = [];
  return { cases, add: (group, name, make) => cases.push({ group, name, make }) };
}

export const EVIL = streamBody('BT /F1 24 Tf 72 700 Td (Chi 9.000.000 dong) Tj ET');
export const PAGE =
  '/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>';

/** Where the newest /Contents stands in the text. */
export const gapOf = (text: string): readonly [number, number] => {
  const start = text.lastIndexOf('/Contents <');
  return [start, text.indexOf('>', start) + 1];
};
export const withRange = (range: string): Uint8Array =>
  bytesOf(textOf(signLetter()).replace(/\/ByteRange \[[^\]]*\]/, (found) => range.padEnd(found.length)));
export const lastStart = (pdf: Uint8Array): string => /startxref\s+(\d+)\s+%%EOF\s*$/.exec(textOf(pdf))?.[1] ?? '0';

export const TEXT_FIELD =
  '<</Type /Annot /Subtype /Widget /FT /Tx /T (SoTien) /V (100) /DA (/Helv 12 Tf 0 g) /Rect [72 600 300 620] /P 3 0 R /AP <</N 13 0 R>>>>';
export const picture = (text: string): string =>
  streamBody(
    `/Tx BMC BT /F1 12 Tf 2 4 Td (${text}) Tj ET EMC`,
    '/Type /XObject /Subtype /Form /BBox [0 0 228 20] /Resources <</Font <</F1 5 0 R>>>>',
  );
const formFile = (): Uint8Array =>
  makeFile({
    ...LETTER,
    1: '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [12 0 R]>>>>',
    3: `<<${PAGE} /Annots [12 0 R]>>`,
    12: TEXT_FIELD,
    13: picture('100'),
  });
/** A form with one filled field, then signed. */
export const signedForm = (entries = ''): Uint8Array =>
  signFile(formFile(), { fields: '12 0 R', annots: '12 0 R', entries });
