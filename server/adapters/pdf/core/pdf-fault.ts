// The only error that the PDF core throws on purpose. A reader of foreign bytes may meet anything, so callers can
// rely on: either a value, or a PdfFault. Anything else that escapes is a bug and a property test fails on it.

export type PdfFaultReason =
  | 'not-pdf' // no %PDF- header
  | 'corrupt' // the cross-reference or an object does not say what a viewer needs
  | 'encrypted' // /Encrypt: we neither read nor sign what we cannot see
  | 'too-complex'; // a limit was hit: depth, size, number of objects

export class PdfFault extends Error {
  override readonly name = 'PdfFault';
  readonly reason: PdfFaultReason;

  constructor(reason: PdfFaultReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

export const corrupt = (message: string): PdfFault => new PdfFault('corrupt', message);
