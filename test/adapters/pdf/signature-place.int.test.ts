// Where signatures are proposed and what they show, by the rules of 2019 and of 2020, as read by poppler and as places.

import { beforeAll, describe, expect, it } from 'vitest';
import { findSignaturePlaces, placeAtTopRight } from '../../../server/adapters/pdf/signature-place.ts';
import type { AgencyForm, AppearanceProfile, VisibleSignature } from '../../../server/modules/signing/ports.ts';
import { createPdfSigner } from '../../../server/adapters/pdf/signer.ts';
import { requireTool } from '../../support/tools.ts';
import { AGENCY, handMadePdf, LEADER, makeSigners, ONE_PAGE, renderSample, runTool, SEALED_AT } from './samples.ts';
import type { Signers } from './samples.ts';

const MM = 72 / 25.4;
let signers: Signers;
let letter: Uint8Array;
beforeAll(async () => {
  signers = await makeSigners();
  letter = (await renderSample()).bytes;
});

const sealWith = (appearance: VisibleSignature): Promise<Uint8Array> =>
  createPdfSigner().sign({
    pdf: letter,
    credential: signers.seal,
    fieldName: 'DongDau-1',
    appearance,
    signedAt: SEALED_AT,
    reason: '',
    location: '',
  });

describe('the proposed place of signatures', () => {
  it('is above the printed name, with the seal over the left third', () => {
    const places = findSignaturePlaces(letter, LEADER);
    if (places === null) throw new Error('Expected the name to be found');
    const { personal, agency } = places;
    const sealRight = agency.x + agency.width / 2 + 18 * MM;
    expect(sealRight).toBeCloseTo(personal.x + personal.width / 3, 5);
    // Its lowest text stands clear of the name, whose line is what the signature keeps clear of too.
    expect(personal.y - agency.y).toBeGreaterThan(0);
    expect(personal.y - agency.y).toBeLessThan(5);
  });

  it('is found however the name is written and broken into pieces', () => {
    const text = 'BT /F 12 Tf 300 400 Td (Tran Van) Tj 60 0 Td (Duc) Tj ET';
    const content = `<</Length ${text.length}>>\nstream\n${text}\nendstream`;
    const page = ONE_PAGE[2].replace('/Resources <<>>', '/Resources <</Font <</F <</Subtype /Type1>>>>>>');
    const pdf = handMadePdf({ objects: [ONE_PAGE[0], ONE_PAGE[1], page, content] });
    for (const name of ['TRAN VAN DUC', 'Tran  Van Duc', 'Tran Van Duc']) {
      expect(findSignaturePlaces(pdf, name)?.personal.page, name).toBe(1);
    }
  });

  it('follows the transformations of the page and of turned pages', () => {
    const text = 'q 1 0 0 -1 0 842 cm 2 0 0 2 0 0 cm BT /F 6 Tf 1 0 0 -1 150 200 Tm (Tran Van Duc) Tj ET Q';
    const content = `<</Length ${text.length}>>\nstream\n${text}\nendstream`;
    const page = ONE_PAGE[2].replace('/Resources <<>>', '/Resources <</Font <</F <</Subtype /Type1>>>>>>');
    const upright = handMadePdf({ objects: [ONE_PAGE[0], ONE_PAGE[1], page, content] });
    const turned = handMadePdf({
      objects: [ONE_PAGE[0], ONE_PAGE[1], page.replace('/Parent', '/Rotate 180 /Parent'), content],
    });
    const place = findSignaturePlaces(upright, 'Tran Van Duc')?.personal;
    expect(place?.y).toBeCloseTo(842 - 400 + 1.3 * 12, 5);
    // Upside down, "above the name" is below it in the page's own coordinates.
    expect(findSignaturePlaces(turned, 'Tran Van Duc')?.personal.y).toBeLessThan(842 - 400);
  });

  it('is unknown when the name is not in the text', () => {
    expect(findSignaturePlaces(letter, 'Không Có Ai')).toBeNull();
    expect(findSignaturePlaces(letter, '')).toBeNull();
  });
});

describe.skipIf(requireTool('pdftotext') === null)('the appearance of an agency signature', () => {
  const CASES: readonly (readonly [AppearanceProfile, AgencyForm['kind'], readonly string[], readonly string[]])[] = [
    ['2019', 'seal', [AGENCY, '06/05/2019 08:30:15 +07:00'], []],
    ['2020', 'seal', [], [AGENCY, '08:30:15']],
    ['2020', 'annex', ['3321/UBND-KSTTHC', '06/05/2019 08:30:15 +07:00'], [AGENCY]],
    ['2020', 'copy', ['SAO Y', AGENCY, '06/05/2019 08:30:15 +07:00'], []],
    ['2019', 'copy', [AGENCY, '06/05/2019 08:30:15 +07:00'], ['SAO Y']],
  ];
  const formOf = (kind: AgencyForm['kind']): AgencyForm => {
    if (kind === 'annex') return { kind, documentNumber: '3321/UBND-KSTTHC' };
    return kind === 'copy' ? { kind, copyForm: 'SAO Y' } : { kind };
  };

  it.each(CASES)('of %s as %s shows %j', async (profile, kind, shown, hidden) => {
    const appearance = { role: 'agency' as const, displayName: AGENCY, profile, form: formOf(kind) };
    const corner = placeAtTopRight(letter, appearance, SEALED_AT);
    const rect = kind === 'seal' ? findSignaturePlaces(letter, LEADER)?.agency : corner;
    if (rect === null || rect === undefined) throw new Error('Expected a place');
    const signed = await sealWith({ ...appearance, rect });
    const options = `-x ${Math.floor(rect.x)} -y ${Math.floor(842 - rect.y - rect.height)} -W ${Math.ceil(rect.width) + 1} -H ${Math.ceil(rect.height) + 1}`;
    const { output } = runTool('pdftotext', [...options.split(' '), '-layout', 'a.pdf', '-'], { 'a.pdf': signed });
    const text = output.normalize('NFC');
    for (const part of shown) expect(text).toContain(part);
    for (const part of hidden) expect(text).not.toContain(part);
  });

  it('stands in the upper right corner of page 1 as an annex or a copy', () => {
    const appearance = { role: 'agency' as const, displayName: AGENCY, profile: '2020' as const, form: formOf('copy') };
    const rect = placeAtTopRight(letter, appearance, SEALED_AT);
    expect(rect?.page).toBe(1);
    expect((rect?.x ?? 0) + (rect?.width ?? 0)).toBeCloseTo(595.28 - 10 * MM, 0);
    expect((rect?.y ?? 0) + (rect?.height ?? 0)).toBeGreaterThan(820);
  });
});
