// Files and keys of the signing benchmark: a letter of 1 MB and a document of 27 MB with 6,500 pages, made here, so that
// a benchmark needs nothing from outside. Pages hold random bytes that do not compress, as scans do.

import { randomBytes } from 'node:crypto';
import { PDFDocument, PDFName } from '@cantoo/pdf-lib';
import type { KeyKind, SigningCredential } from '../../server/modules/signing/ports.ts';
import { createCredentialOpener } from '../../server/adapters/signing/pkcs12.ts';
import { createTestAuthority } from '../../server/adapters/signing/test-authority.ts';
import { parseInstant } from '../../server/shared/time.ts';
import type { Instant } from '../../server/shared/time.ts';

export function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`Expected an instant, got ${text}`);
  return instant;
}

export const SIGNED_AT = at('2026-05-06T08:00:00+07:00');

/**
 * `pages` pages of about `pageBytes` bytes each, with a table as cross-reference. A page has what office programs write:
 * content, resources, a graphics state, a link, and an element of the document's structure.
 */
export async function makePdf(pages: number, pageBytes: number): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const { context } = document;
  for (let number = 0; number < pages; number += 1) {
    const page = document.addPage([595, 842]);
    // A comment that never ends the line: valid content, hard to compress, nothing to draw.
    const noise = randomBytes(Math.ceil((pageBytes * 3) / 4)).toString('base64');
    const state = context.register(context.obj({ Type: 'ExtGState', ca: 1, CA: 1, BM: 'Normal' }));
    const action = context.register(context.obj({ S: 'GoTo', D: [page.ref, 'XYZ', 0, 842, 0] }));
    const link = { Type: 'Annot', Subtype: 'Link', Rect: [50, 50, 200, 70], Border: [0, 0, 0], A: action };
    const element = context.obj({ Type: 'StructElem', S: 'P', Pg: page.ref, K: [0, 1, 2] });
    context.register(element);
    page.node.set(PDFName.of('Contents'), context.register(context.stream(`%${noise}`)));
    page.node.set(PDFName.of('Resources'), context.register(context.obj({ ExtGState: { GS0: state } })));
    page.node.set(PDFName.of('Annots'), context.obj([context.register(context.obj(link))]));
  }
  return document.save({ useObjectStreams: false });
}

export interface BenchKey {
  readonly credential: SigningCredential;
  readonly pkcs12: Uint8Array;
  readonly pin: string;
}

export async function makeKey(keyKind: KeyKind = 'RSA-2048'): Promise<BenchKey> {
  const authority = createTestAuthority();
  const validFrom = at('2026-01-01T00:00:00+07:00');
  const material = await authority.create(validFrom);
  const pin = '123456';
  const { pkcs12 } = await authority.issue(material, {
    commonName: 'Phạm Thị Mẫu',
    organization: 'Ủy ban nhân dân tỉnh Đắk Lắk',
    title: 'Chủ tịch',
    validFrom,
    validTo: at('2030-01-01T00:00:00+07:00'),
    pin,
    keyKind,
  });
  return { credential: createCredentialOpener().open(pkcs12, pin), pkcs12, pin };
}
