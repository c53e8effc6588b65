// State secrets never enter (QĐ 28/2018 Đ1(2)). Besides the declared level, stamp words in capitals are recognised:
// TUYỆT MẬT, TỐI MẬT, MẬT. They are refused rather than stored, so a false alarm costs a rewording and a miss
// would cost a leak; only the everyday compounds BẢO MẬT and BÍ MẬT are let through.

import { err, ok, type Result } from '../../../shared/result.ts';
import type { Refusal } from '../errors.ts';
import type { Secrecy } from '../document.ts';

const STAMP = /(?<![\p{L}\p{N}])(?:TUYỆT\s+MẬT|TỐI\s+MẬT|(?<!(?:BẢO|BÍ)\s+)MẬT)(?![\p{L}\p{N}])/u;

export const isMarkedSecret = (text: string): boolean => STAMP.test(text.normalize('NFC'));

export function refuseSecrets(secrecy: Secrecy, texts: readonly string[]): Result<null, Refusal> {
  if (secrecy !== 'none') {
    return err({ code: 'DOCUMENT_SECRET_REFUSED', message: `Expected no secrecy level, but got '${secrecy}'` });
  }
  if (texts.some(isMarkedSecret)) {
    return err({ code: 'DOCUMENT_SECRET_REFUSED', message: 'Expected no secrecy stamp in the text' });
  }
  return ok(null);
}
