// What the reader must not believe about timestamps, evidence and empty fields. Each attack has a control in the same test:
// the same file without the attack is intact and trusted.

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogOf, openPdf, pagesOf } from '../../../server/adapters/pdf/core/file.ts';
import type { PdfFile } from '../../../server/adapters/pdf/core/file.ts';
import { array, dict, isDict, isRef, name, stream, withEntries } from '../../../server/adapters/pdf/core/objects.ts';
import type { PdfObject, PdfRef } from '../../../server/adapters/pdf/core/objects.ts';
import { IncrementalUpdate } from '../../../server/adapters/pdf/core/update.ts';
import { embedSignature, prepareSignature } from '../../../server/adapters/pdf/two-step.ts';
import { extendToLta } from '../../../server/adapters/signing/long-term.ts';
import { createSignatureReader } from '../../../server/adapters/signing/signature-reader.ts';
import type { TestServices } from '../../../server/adapters/signing/test-authority-services.ts';
import type { SignatureFinding } from '../../../server/modules/signing/ports.ts';
import { instantOf } from '../../../server/shared/time.ts';
import { foreignPdf, handMadePdf, ONE_PAGE } from '../pdf/samples.ts';
import { issuePerson, longTerm, NOW, recordsOf, signWith, startServices, timestampsOf } from './authority.ts';
import type { Person } from './authority.ts';

let services: TestServices;
let other: TestServices;
let person: Person;
let pdf: Uint8Array;
beforeAll(async () => {
  services = await startServices('EC-P256');
  other = await startServices('EC-P256');
  person = await issuePerson(services, 'Trần Văn Đức', 'EC-P256');
  pdf = await foreignPdf(false);
});
afterAll(async () => {
  await services.close();
  await other.close();
});

const read = (bytes: Uint8Array): readonly SignatureFinding[] =>
  createSignatureReader().read(bytes, [services.rootCertificate]);

async function signWithToken(tokenFor: (signature: Uint8Array) => Promise<Uint8Array>): Promise<SignatureFinding> {
  const { certificate, chain } = person.credential;
  const common = { fieldName: 'Ky-1', appearance: null, signedAt: instantOf(NOW), reason: '', location: '' };
  const prepared = prepareSignature({ pdf, certificate, chain, ...common });
  const signature = await person.credential.sign(prepared.signedAttributes);
  const [finding] = read(await embedSignature(prepared, { source: pdf, signature, timestampOf: tokenFor }));
  if (finding === undefined) throw new Error('Expected a signature');
  return finding;
}

function append(bytes: Uint8Array, change: (file: PdfFile, update: IncrementalUpdate) => void): Uint8Array {
  const file = openPdf(bytes);
  const update = new IncrementalUpdate(file);
  change(file, update);
  return update.write().bytes;
}

describe('a timestamp inside a signature', () => {
  const tokenOver = (bytes: Uint8Array, source = services): Promise<Uint8Array> =>
    timestampsOf(source).timestamp(new Uint8Array(bytes), 'SHA-256');

  it('is not believed when it was taken from another signature', async () => {
    const foreignToken = await tokenOver(new Uint8Array(32));
    const finding = await signWithToken(() => Promise.resolve(foreignToken));
    expect(finding).toMatchObject({ isTrusted: false, timestampedAt: null, reasons: ['DAU_THOI_GIAN_SAI'] });
  });

  it('is not believed when it is malformed', async () => {
    const finding = await signWithToken(() => Promise.resolve(Uint8Array.of(0x30, 0x00)));
    expect(finding).toMatchObject({ isTrusted: false, reasons: ['DAU_THOI_GIAN_SAI'] });
  });

  it('does not count when its authority is not trusted, and trust is not given without it', async () => {
    const hash = (value: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(value).digest());
    const finding = await signWithToken((value) => tokenOver(hash(value), other));
    expect(finding).toMatchObject({ isTrusted: false, reasons: ['DAU_THOI_GIAN_KHONG_TIN_CAY'] });
    expect(await signWithToken((value) => tokenOver(hash(value)))).toMatchObject({ isTrusted: true });
  });
});

describe('a document timestamp', () => {
  it('breaks with every altered byte that it covers, and with a page drawn over after it', async () => {
    const stamped = await extendToLta(
      await signWith(pdf, person.credential, { fieldName: 'Ky-1', timestamp: timestampsOf(services) }),
      timestampsOf(services),
      longTerm(services),
    );
    expect(read(stamped).map(({ isTrusted }) => isTrusted)).toEqual([true, true]);
    const end = recordsOf(stamped)[0]?.coverage?.end ?? 0;
    for (const position of [30, end + 40, end + 900]) {
      const copy = Uint8Array.from(stamped);
      copy[position] = (copy[position] ?? 0) ^ 1;
      let isWhole = false;
      try {
        isWhole = read(copy).some(({ isIntact, kind }) => isIntact && kind === 'document-timestamp');
      } catch (error) {
        expect(error).toMatchObject({ code: 'SIGNING_PDF_UNREADABLE' });
      }
      expect(isWhole, `byte ${position}`).toBe(false);
    }
    const drawn = append(stamped, (file, update) => {
      const page = pagesOf(file)[0];
      if (page === undefined) return;
      const contents = update.add(stream({}, new Uint8Array(Buffer.from('0 0 500 500 re f'))));
      update.set(page.ref, withEntries(page.dict, { Contents: contents }));
    });
    expect(read(drawn).map(({ isIntact }) => isIntact)).toEqual([false, false]);
  });
});

describe('added evidence', () => {
  it('may not bring a changed page with it', async () => {
    const signed = await signWith(pdf, person.credential, { fieldName: 'Ky-1' });
    const addStore = (isAttack: boolean): Uint8Array =>
      append(signed, (file, update) => {
        const catalog = catalogOf(file);
        const page = pagesOf(file)[0];
        const certificate = update.add(stream({}, services.rootCertificate));
        const store = update.add(dict({ Certs: array([certificate]) }));
        update.set(catalog.ref, withEntries(catalog.dict, { DSS: store }));
        if (isAttack && page !== undefined) update.set(page.ref, withEntries(page.dict, { Rotate: 180 }));
      });
    expect(read(addStore(false))[0]?.isIntact).toBe(true);
    expect(read(addStore(true))[0]?.isIntact).toBe(false);
  });
});

describe('an empty field of the signed file', () => {
  const field = '<</Type /Annot /Subtype /Widget /FT /Sig /T (ChoKy) /F 4 /Rect [300 200 430 274] /P 3 0 R>>';
  const base = handMadePdf({
    objects: [
      ONE_PAGE[0].replace('>>', ' /AcroForm <</Fields [5 0 R]>>>>'),
      ONE_PAGE[1],
      ONE_PAGE[2].replace('/Contents', '/Annots [5 0 R] /Contents'),
      ONE_PAGE[3],
      field,
    ],
  });

  function fillByHand(signed: Uint8Array, extra: Readonly<Record<string, PdfObject>>): Uint8Array {
    return append(signed, (file, update) => {
      const ref: PdfRef = { kind: 'ref', number: 5, generation: 0 };
      const dictionary = file.resolve(ref);
      if (!isDict(dictionary)) throw new Error('Expected the field');
      const value = update.add(dict({ Type: name('Sig') }));
      update.set(ref, withEntries(dictionary, { V: value, ...extra }));
    });
  }

  it('may be filled, but not moved, enlarged or given an action at the same time', async () => {
    const signed = await signWith(base, person.credential, { fieldName: 'Ky-1' });
    const isIntact = (bytes: Uint8Array): boolean | undefined =>
      read(bytes).find((finding) => finding.fieldName === 'Ky-1')?.isIntact;
    expect(isIntact(fillByHand(signed, {}))).toBe(true);
    expect(isIntact(fillByHand(signed, { Rect: array([0, 0, 595, 842]) }))).toBe(false);
    expect(isIntact(fillByHand(signed, { F: 2 }))).toBe(false);
    expect(isIntact(fillByHand(signed, { A: dict({ S: name('JavaScript') }) }))).toBe(false);
    // What was filled in is no signature, so the file as a whole is not accepted.
    expect(read(fillByHand(signed, {})).find((finding) => finding.fieldName === 'ChoKy')?.isIntact).toBe(false);
  });

  it('does not excuse a change of an object that only looks like it', async () => {
    const signed = await signWith(base, person.credential, { fieldName: 'Ky-1' });
    const attacked = append(signed, (file, update) => {
      const page = pagesOf(file)[0];
      const contents = page?.dict.entries.get('Contents');
      if (!isRef(contents)) throw new Error('Expected a content stream');
      update.set(contents, stream({ FT: name('Sig') }, new Uint8Array(Buffer.from('0 g 0 0 595 842 re f'))));
    });
    expect(read(attacked)[0]?.reasons).toEqual(['SAI_TOAN_VEN']);
  });
});
