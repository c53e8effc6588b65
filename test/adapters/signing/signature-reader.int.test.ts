// What the reader of signatures refuses and accepts. Each attack is made here from a letter that was signed for real,
// and has a control: the same letter without the attack is intact.

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { catalogOf, openPdf, pagesOf } from '../../../server/adapters/pdf/core/file.ts';
import {
  array,
  dict,
  isDict,
  isRef,
  name,
  reference,
  stream,
  textString,
  withEntries,
} from '../../../server/adapters/pdf/core/objects.ts';
import type { PdfObject } from '../../../server/adapters/pdf/core/objects.ts';
import { IncrementalUpdate } from '../../../server/adapters/pdf/core/update.ts';
import { createPdfSigner } from '../../../server/adapters/pdf/signer.ts';
import { createSignatureReader } from '../../../server/adapters/signing/signature-reader.ts';
import { createTestAuthority } from '../../../server/adapters/signing/test-authority.ts';
import type { SignatureFinding } from '../../../server/modules/signing/ports.ts';
import { AppError } from '../../../server/shared/app-error.ts';
import {
  AGENCY,
  ANCHORS,
  at,
  drawNumber,
  indexOfText,
  LEADER,
  makeSigners,
  renderSample,
  replaceText,
  SEALED_AT,
  SIGNED_AT,
  signAsLeader,
  signWhole,
  VALID_FROM,
} from '../pdf/samples.ts';
import type { Signers } from '../pdf/samples.ts';

const reader = createSignatureReader();
let signers: Signers;
let letter: Uint8Array;
let personal: Uint8Array;
let whole: Uint8Array;

beforeAll(async () => {
  signers = await makeSigners();
  letter = (await renderSample()).bytes;
  personal = await signAsLeader(letter, signers);
  whole = await signWhole(letter, signers);
});

const read = (pdf: Uint8Array): readonly SignatureFinding[] => reader.read(pdf, [signers.material.rootCertificate]);
const first = (pdf: Uint8Array): SignatureFinding => {
  const finding = read(pdf)[0];
  if (finding === undefined) throw new Error('Expected a signature');
  return finding;
};

/** Appends a revision of an attacker. */
function append(
  pdf: Uint8Array,
  change: (file: ReturnType<typeof openPdf>, update: IncrementalUpdate) => void,
): Uint8Array {
  const file = openPdf(pdf);
  const update = new IncrementalUpdate(file);
  change(file, update);
  return update.write().bytes;
}

const square = (extra: Readonly<Record<string, PdfObject>> = {}): PdfObject =>
  dict({ Type: name('Annot'), Subtype: name('Square'), Rect: array([0, 0, 500, 500]), F: 4, ...extra });

function addToFirstPage(file: ReturnType<typeof openPdf>, update: IncrementalUpdate, annotation: PdfObject): void {
  const page = pagesOf(file)[0];
  if (page === undefined) throw new Error('Expected a page');
  const items = file.getItems(page.dict, 'Annots');
  update.set(page.ref, withEntries(page.dict, { Annots: array([...items, update.add(annotation)]) }));
}

describe('signature reader', () => {
  it('finds both signatures of a finished letter intact and trusted, the last over the whole file', () => {
    expect(read(whole)).toEqual([
      {
        fieldName: 'KyDuyet-1',
        signerName: LEADER,
        serialNumber: signers.leader.serialNumber,
        claimedAt: SIGNED_AT,
        isIntact: true,
        isTrusted: true,
        coversWholeFile: false,
        isFollowedByEvidenceOnly: false,
        reasons: [],
        kind: 'signature',
        timestampedAt: null,
        scheme: { algorithm: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      },
      {
        fieldName: 'DongDau-1',
        signerName: AGENCY,
        serialNumber: signers.seal.serialNumber,
        claimedAt: SEALED_AT,
        isIntact: true,
        isTrusted: true,
        coversWholeFile: true,
        isFollowedByEvidenceOnly: false,
        reasons: [],
        kind: 'signature',
        timestampedAt: null,
        scheme: { algorithm: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      },
    ]);
  });

  it('finds nothing in an unsigned letter', () => {
    expect(read(letter)).toEqual([]);
  });

  it('trusts an issuing authority as anchor as well as a root', () => {
    const findings = reader.read(whole, [signers.material.issuingCertificate]);
    expect(findings.every((finding) => finding.isTrusted)).toBe(true);
  });

  it('does not trust a signer of another authority of the same name', async () => {
    const impostor = await createTestAuthority().create(VALID_FROM);
    const findings = reader.read(whole, [impostor.rootCertificate]);
    expect(findings.map((finding) => [finding.isIntact, finding.isTrusted, finding.reasons])).toEqual([
      [true, false, ['CTS_KHONG_TIN_CAY']],
      [true, false, ['CTS_KHONG_TIN_CAY']],
    ]);
  });

  it('does not trust a signature claimed outside the validity of its certificate', async () => {
    const late = await createPdfSigner().sign({
      pdf: letter,
      credential: signers.leader,
      fieldName: 'KyMuon-1',
      appearance: { role: 'personal', rect: ANCHORS.personalSignature, displayName: LEADER },
      signedAt: at('2030-01-01T00:00:00+07:00'),
      reason: '',
      location: '',
    });
    expect(first(late)).toMatchObject({ isIntact: true, isTrusted: false, reasons: ['CTS_HET_HAN'] });
  });

  it('throws its own error for a file that is no PDF', () => {
    expect(() => read(new Uint8Array(Buffer.from('văn bản')))).toThrow(AppError);
  });
});

describe('signature reader under attack', () => {
  it('refuses every single altered byte inside the signed ranges', () => {
    const gap = indexOfText(personal, '/Contents <') + '/Contents '.length;
    for (const position of [20, 500, 5_000, letter.length - 3, gap - 40, personal.length - 60]) {
      const copy = Uint8Array.from(personal);
      copy[position] = (copy[position] ?? 0) ^ 0x01;
      let isIntact = false;
      try {
        isIntact = read(copy).some((finding) => finding.isIntact);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
      expect(isIntact, `byte ${position}`).toBe(false);
    }
  });

  it('refuses a CMS in which one byte of the signature value is altered', () => {
    const text = Buffer.from(personal).toString('latin1');
    const start = text.indexOf('/Contents <') + '/Contents <'.length;
    const end = text.slice(start).search(/(00){64}/) + start;
    const copy = Uint8Array.from(personal);
    copy[end - 20] = copy[end - 20] === 0x30 ? 0x31 : 0x30;
    expect(first(copy)).toMatchObject({ isIntact: false, reasons: ['SAI_TOAN_VEN'] });
  });

  it.each([
    ['does not begin at 0', '/ByteRange [0 ', '/ByteRange [1 '],
    ['ends behind the file', '/ByteRange [0 3', '/ByteRange [0 9'],
  ])('refuses a byte range that %s', (_, from, to) => {
    expect(first(replaceText(personal, from, to))).toMatchObject({ isIntact: false, reasons: ['SAI_TOAN_VEN'] });
  });

  it('refuses an annotation added over the page after signing', () => {
    const attacked = append(personal, (file, update) => addToFirstPage(file, update, square()));
    expect(first(attacked)).toMatchObject({ isIntact: false, reasons: ['SAI_TOAN_VEN'] });
  });

  it('refuses new page content', () => {
    const attacked = append(personal, (file, update) => {
      const page = pagesOf(file)[0];
      if (page === undefined) return;
      const contents = update.add(stream({}, new Uint8Array(Buffer.from('0 0 500 500 re f'))));
      update.set(page.ref, withEntries(page.dict, { Contents: contents }));
    });
    expect(first(attacked).reasons).toEqual(['SAI_TOAN_VEN']);
  });

  it('refuses an added page', () => {
    const attacked = append(personal, (file, update) => {
      const pages = catalogOf(file).dict.entries.get('Pages');
      const tree = file.resolve(pages);
      if (!isDict(tree) || typeof pages !== 'object' || pages?.kind !== 'ref') return;
      const page = update.add(dict({ Type: name('Page'), Parent: pages, MediaBox: array([0, 0, 595, 842]) }));
      update.set(pages, withEntries(tree, { Kids: array([...file.getItems(tree, 'Kids'), page]), Count: 2 }));
    });
    expect(first(attacked).reasons).toEqual(['SAI_TOAN_VEN']);
  });

  it('refuses a swapped embedded font', () => {
    const file = openPdf(personal);
    const objects = [...file.xref.entries.keys()].map((number) => file.resolve(reference(number)));
    const fonts = objects.filter(isDict).map((object) => object.entries.get('FontFile2'));
    const fontFile = fonts.find(isRef);
    if (fontFile === undefined) throw new Error('Expected an embedded font');
    const attacked = append(personal, (_, update) => update.set(fontFile, stream({}, new Uint8Array(8))));
    expect(first(attacked).reasons).toEqual(['SAI_TOAN_VEN']);
  });

  it('refuses an object that the signed revision mentions but did not have', async () => {
    // given: a letter whose page names an annotation that does not exist yet
    const prepared = append(letter, (file, update) => {
      const page = pagesOf(file)[0];
      if (page !== undefined) update.set(page.ref, withEntries(page.dict, { Annots: array([reference(900)]) }));
    });
    const signed = await signAsLeader(prepared, signers);
    expect(first(signed).isIntact).toBe(true);
    // when: it comes to life after signing
    const attacked = append(signed, (_, update) => update.set(reference(900), square()));
    // then
    expect(first(attacked).reasons).toEqual(['SAI_TOAN_VEN']);
  });

  it('refuses a signature dictionary that moved into the unsigned part', () => {
    const attacked = append(personal, (file, update) => {
      const field = file.getItems(
        file.getDict(catalogOf(file).dict, 'AcroForm') ?? { kind: 'dict', entries: new Map() },
        'Fields',
      )[0];
      const dictionary = file.resolve(field);
      if (!isDict(dictionary) || typeof field !== 'object' || field?.kind !== 'ref') return;
      update.set(field, withEntries(dictionary, { V: update.add(file.get(dictionary, 'V')) }));
    });
    expect(first(attacked).reasons).toEqual(['SAI_TOAN_VEN']);
  });

  it('refuses two fields that show one signature', () => {
    const attacked = append(personal, (file, update) => {
      const form = catalogOf(file).dict.entries.get('AcroForm');
      const dictionary = file.resolve(form);
      if (!isDict(dictionary) || typeof form !== 'object' || form?.kind !== 'ref') return;
      const [field] = file.getItems(dictionary, 'Fields');
      const original = file.resolve(field);
      if (field === undefined || !isDict(original)) return;
      const copy = update.add(withEntries(original, { T: textString('KyDuyet-2') }));
      update.set(form, withEntries(dictionary, { Fields: array([field, copy]) }));
    });
    expect(read(attacked).map((finding) => finding.isIntact)).toEqual([false, false]);
  });

  it('refuses bytes behind the last revision that no cross-reference names', () => {
    const padded = new Uint8Array(
      Buffer.concat([personal, Buffer.from('%'.repeat(200)), personal.subarray(personal.length - 60)]),
    );
    expect(first(padded).coversWholeFile).toBe(false);
  });
});

/** A copy of the number stamp with some entries changed, as the only thing added to the signed letter. */
async function withForgedStamp(change: Readonly<Record<string, PdfObject>>): Promise<Uint8Array> {
  const numbered = openPdf(await drawNumber(personal));
  const page = pagesOf(numbered)[0];
  const copy = numbered.resolve(page === undefined ? null : numbered.getItems(page.dict, 'Annots')[1]);
  if (!isDict(copy)) throw new Error('Expected a stamp');
  return append(personal, (file, update) => {
    const drawing = new Uint8Array(Buffer.from('q 0 g BT /F0 13 Tf 0 0 Td <0001> Tj ET Q'));
    const picture = update.add(stream({ Subtype: name('Form'), BBox: array([0, 0, 30, 15]) }, drawing));
    addToFirstPage(file, update, withEntries(copy, { AP: dict({ N: picture }), ...change }));
  });
}

describe('number and date as a later change', () => {
  it('leave the personal signature intact', async () => {
    expect(first(await drawNumber(personal))).toMatchObject({ isIntact: true, coversWholeFile: false });
  });

  it('are refused on a file that has them already', async () => {
    await expect(drawNumber(await drawNumber(personal))).rejects.toMatchObject({ code: 'SIGNING_NUMBER_DRAWN' });
  });

  it('are believed when an equal stamp is added by other means, which is the control of the next tests', async () => {
    expect(first(await withForgedStamp({})).isIntact).toBe(true);
  });

  it.each([
    ['a larger box', { Rect: array([0, 500, 500, 800]) }],
    ['a place below the heading', { Rect: array([100, 100, 200, 120]) }],
    ['another entry', { Popup: array([]) }],
    ['hidden flags', { F: 2 }],
  ])('are not believed with %s', async (_, change) => {
    expect(first(await withForgedStamp(change)).reasons).toEqual(['SAI_TOAN_VEN']);
  });

  it('are not believed when the picture paints more than a line of text', () => {
    const attacked = append(personal, (file, update) => {
      const picture = update.add(
        stream({ Subtype: name('Form'), BBox: array([0, 0, 30, 15]) }, new Uint8Array(Buffer.from('0 0 30 15 re f'))),
      );
      const page = pagesOf(file)[0];
      addToFirstPage(
        file,
        update,
        dict({
          Type: name('Annot'),
          Subtype: name('Stamp'),
          NM: textString('TRAM-SO'),
          Contents: textString('9'),
          Rect: array([123, 730, 153, 745]),
          P: page?.ref ?? null,
          F: 708,
          AP: dict({ N: picture }),
        }),
      );
    });
    expect(first(attacked).reasons).toEqual(['SAI_TOAN_VEN']);
  });
});

describe('signer', () => {
  it('begins its output with the input, byte for byte', () => {
    expect(Buffer.compare(personal.subarray(0, letter.length), letter)).toBe(0);
    expect(Buffer.compare(whole.subarray(0, personal.length), personal)).toBe(0);
  });

  it('refuses a field name that the file has already', async () => {
    await expect(signAsLeader(personal, signers)).rejects.toMatchObject({
      code: 'SIGNING_FIELD_EXISTS',
      kind: 'rejection',
    });
  });

  it('refuses a page that the file does not have', async () => {
    const anchors = { ...ANCHORS, personalSignature: { ...ANCHORS.personalSignature, page: 7 } };
    await expect(signAsLeader(letter, signers, anchors)).rejects.toMatchObject({ code: 'SIGNING_PAGE_MISSING' });
  });

  it('refuses a key that does not belong to the certificate, before anything is returned', async () => {
    const mixed = { ...signers, leader: { ...signers.leader, sign: signers.seal.sign } };
    await expect(signAsLeader(letter, mixed)).rejects.toMatchObject({ code: 'SIGNING_SIGNATURE_MISMATCH' });
  });

  it('gives a long certificate chain the room that it needs', async () => {
    const chain = Array.from({ length: 20 }, () => signers.material.rootCertificate);
    const bulky = { ...signers, leader: { ...signers.leader, chain } };
    expect(read(await signAsLeader(letter, bulky))).toMatchObject([{ isIntact: true, coversWholeFile: true }]);
  });

  it('gives the same bytes for the same input, because RSA PKCS#1 v1.5 has no randomness', async () => {
    expect(Buffer.compare(await signAsLeader(letter, signers), personal)).toBe(0);
  });
});

describe('signature reader under random damage', () => {
  it('answers findings or its own error, and never calls a changed signed byte intact', () => {
    // given: everything outside the /Contents of the last signature is signed by it
    const gapStart = indexOfText(whole, '/Contents <', indexOfText(whole, '/ByteRange', personal.length));
    const gapEnd = indexOfText(whole, '>', gapStart);
    const change = fc.tuple(fc.nat(200_000), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const bytes = Uint8Array.from(whole);
        for (const [position, value] of changes) bytes[position % bytes.length] = value;
        const isSignedByteChanged = bytes.some(
          (byte, position) => byte !== whole[position] && (position < gapStart || position > gapEnd),
        );
        const last = readOrRefuse(bytes).find((finding) => finding.fieldName === 'DongDau-1');
        if (isSignedByteChanged) expect(last?.isIntact ?? false).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses bytes hidden in the room behind the CMS', () => {
    const gapStart = indexOfText(whole, '/Contents <', indexOfText(whole, '/ByteRange', personal.length));
    const hidden = Uint8Array.from(whole);
    hidden.set(Buffer.from('4d41'), indexOfText(whole, '>', gapStart) - 8);
    expect(read(hidden).map((finding) => finding.isIntact)).toEqual([true, false]);
  });
});

/** Findings, or none when the reader refuses the file with its own error; anything else fails the test. */
function readOrRefuse(bytes: Uint8Array): readonly SignatureFinding[] {
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}
