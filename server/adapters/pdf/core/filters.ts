// Decodes what cross-reference and object streams use in practice: Flate with the PNG predictors, and no filter.
// Output is bounded per stream and per file; other filters are a clear refusal, never a guess.

import { constants, inflateSync } from 'node:zlib';
import { LIMITS } from './limits.ts';
import { isArray, isDict, isInteger, isName } from './objects.ts';
import type { PdfDict, PdfObject, PdfStream } from './objects.ts';
import { corrupt, PdfFault } from './pdf-fault.ts';

export type Resolve = (object: PdfObject | undefined) => PdfObject;

function inflate(data: Uint8Array): Uint8Array {
  try {
    // SYNC_FLUSH accepts a missing end marker, as viewers do.
    return inflateSync(data, { maxOutputLength: LIMITS.decodedStreamBytes, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    if (error instanceof RangeError) throw new PdfFault('too-complex', 'A stream expands beyond the limit');
    throw corrupt('A compressed stream cannot be expanded');
  }
}

const paeth = (left: number, up: number, corner: number): number => {
  const estimate = left + up - corner;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
};

function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      throw corrupt('A predictor row names an unknown filter');
  }
}

function undoPng(data: Uint8Array, rowBytes: number, pixelBytes: number): Uint8Array {
  const rows = Math.ceil(data.length / (rowBytes + 1));
  const output = new Uint8Array(rows * rowBytes);
  let written = 0;
  for (let row = 0; row < rows; row += 1) {
    const source = row * (rowBytes + 1);
    const filter = data[source] ?? 0;
    const start = row * rowBytes;
    const available = Math.min(rowBytes, data.length - source - 1);
    for (let column = 0; column < available; column += 1) {
      const at = start + column;
      const left = column >= pixelBytes ? (output[at - pixelBytes] ?? 0) : 0;
      const up = row > 0 ? (output[at - rowBytes] ?? 0) : 0;
      const corner = row > 0 && column >= pixelBytes ? (output[at - rowBytes - pixelBytes] ?? 0) : 0;
      output[at] = (data[source + 1 + column] ?? 0) + predicted(filter, left, up, corner);
    }
    written = start + Math.max(0, available);
  }
  return output.subarray(0, written);
}

function undoPredictor(data: Uint8Array, parameters: PdfDict, resolve: Resolve): Uint8Array {
  const integer = (key: string, fallback: number, maximum: number): number => {
    const value = resolve(parameters.entries.get(key));
    if (value === null) return fallback;
    if (!isInteger(value) || value < 1 || value > maximum) throw corrupt(`/${key} of a stream is out of range`);
    return value;
  };
  const predictor = integer('Predictor', 1, 15);
  if (predictor === 1) return data;
  if (predictor < 10) throw corrupt('The TIFF predictor is not supported');
  const bitsPerPixel = integer('Colors', 1, 32) * integer('BitsPerComponent', 8, 16);
  const rowBytes = Math.ceil((bitsPerPixel * integer('Columns', 1, 1_000_000)) / 8);
  return undoPng(data, rowBytes, Math.max(1, bitsPerPixel >> 3));
}

const listOf = (object: PdfObject): readonly PdfObject[] =>
  object === null ? [] : isArray(object) ? object.items : [object];

/** The decoded bytes of a stream. Throws PdfFault for other filters than Flate. */
export function decodeStream(stream: PdfStream, resolve: Resolve): Uint8Array {
  const filters = listOf(resolve(stream.dict.entries.get('Filter')));
  const parameters = listOf(resolve(stream.dict.entries.get('DecodeParms')));
  if (filters.length > 4) throw new PdfFault('too-complex', 'A stream has too many filters');
  let data = stream.raw;
  filters.forEach((filter, index) => {
    const filterName = resolve(filter);
    if (!isName(filterName, 'FlateDecode') && !isName(filterName, 'Fl')) {
      throw corrupt('A stream uses a filter that is not supported here');
    }
    data = inflate(data);
    const own = resolve(parameters[index]);
    if (isDict(own)) data = undoPredictor(data, own, resolve);
  });
  return data;
}
