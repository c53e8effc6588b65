// `tram verify`: judges the signatures of one PDF with the reader of the server and, unless trust is left out, with the
// evidence about revocation. The worst finding decides; what could not be checked is never called valid.

import { AppError } from '../shared/app-error.ts';
import { vietnamIso } from '../shared/time.ts';
import type { SignatureFinding } from '../modules/signing/ports.ts';
import { checkRevocation } from '../adapters/signing/long-term-check.ts';
import { levelOf } from '../adapters/signing/long-term.ts';
import { createSignatureReader } from '../adapters/signing/signature-reader.ts';
import { onePositional, readArguments } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { readInput, readTrust } from './files.ts';
import type { CliContext } from './context.ts';
import { guardFor } from './network.ts';
import { ERROR_TEXTS, REASON_TEXTS } from './texts.ts';

export type Verdict = 'valid' | 'reservations' | 'undetermined' | 'invalid';

interface JudgedSignature {
  readonly verdict: Verdict;
  readonly finding: SignatureFinding;
  readonly reasons: readonly string[];
}

interface Report {
  readonly verdict: Verdict;
  readonly level: string | null;
  readonly signatures: readonly JudgedSignature[];
  /** Code of the refusal when the file itself cannot be judged. */
  readonly error: string | null;
}

const WORST_FIRST: readonly Verdict[] = ['invalid', 'undetermined', 'reservations', 'valid'];
const worstOf = (verdicts: readonly Verdict[]): Verdict =>
  WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'invalid';

/** Nobody can tell, as opposed to: it is known to be wrong. */
const OPEN_REASONS: ReadonlySet<string> = new Set(['KHONG_KT_DUOC', 'DAU_THOI_GIAN_KHONG_TIN_CAY']);

function judge(
  finding: SignatureFinding,
  revocation: string | null,
  mode: 'integrity' | 'untold' | 'full',
): JudgedSignature {
  const integrity = finding.isIntact ? [] : finding.reasons;
  const trust = mode === 'integrity' || !finding.isIntact ? [] : finding.reasons;
  const extra = mode === 'integrity' || revocation === null || trust.includes(revocation) ? [] : [revocation];
  const reasons = [...integrity, ...trust, ...extra];
  // Without a trust list nobody is trusted; that is the caller's choice and not the signature's fault.
  const isOpen = (reason: string): boolean =>
    OPEN_REASONS.has(reason) || (mode === 'untold' && reason === 'CTS_KHONG_TIN_CAY');
  if (reasons.length === 0) return { verdict: 'valid', finding, reasons };
  return { verdict: reasons.every(isOpen) ? 'undetermined' : 'invalid', finding, reasons };
}

async function makeReport(pdf: Uint8Array, args: Arguments): Promise<Report> {
  const directory = args.text('trust');
  const trust = directory === null ? [] : readTrust(directory);
  const mode = args.has('ignore-trust') ? 'integrity' : directory === null ? 'untold' : 'full';
  const findings = createSignatureReader().read(pdf, trust);
  if (findings.length === 0) return { verdict: 'invalid', level: null, signatures: [], error: 'KHONG_CHU_KY' };
  const guard = args.has('online') ? guardFor(args, []) : null;
  const revocations = mode === 'full' ? await checkRevocation(pdf, { trust, guard }) : [];
  const signatures = findings.map((finding) => {
    const reason = revocations.find((item) => item.fieldName === finding.fieldName)?.reason ?? null;
    return judge(finding, reason, mode);
  });
  return {
    verdict: worstOf(signatures.map((signature) => signature.verdict)),
    level: levelOf(pdf),
    signatures,
    error: null,
  };
}

/** A file that cannot be read is not valid; one that is locked cannot be judged. */
async function makeReportOrRefusal(pdf: Uint8Array, args: Arguments): Promise<Report> {
  try {
    return await makeReport(pdf, args);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'SIGNING_PDF_UNREADABLE') throw error;
    const verdict = error.details['reason'] === 'encrypted' ? 'undetermined' : 'invalid';
    return { verdict, level: null, signatures: [], error: error.code };
  }
}

const VERDICT_TEXTS: Readonly<Record<Verdict, string>> = {
  valid: 'mọi chữ ký hợp lệ',
  reservations: 'hợp lệ nhưng có điểm cần lưu ý',
  undetermined: 'chưa xác định được',
  invalid: 'không hợp lệ',
};

function asJson({ verdict, level, signatures, error }: Report): string {
  const text = (code: string): string => REASON_TEXTS[code] ?? ERROR_TEXTS[code] ?? code;
  const items = signatures.map((item) => ({
    verdict: item.verdict,
    ...item.finding,
    reasons: item.reasons.map((code) => ({ code, text: text(code) })),
  }));
  const refusal = error === null ? {} : { error: { code: error, text: text(error) } };
  return JSON.stringify({ verdict, level, ...refusal, signatures: items }, null, 2);
}

function asText({ verdict, level, signatures, error }: Report): string {
  const first = `${verdict} – ${VERDICT_TEXTS[verdict]}`;
  if (error !== null) return `${first}: ${error}: ${REASON_TEXTS[error] ?? ERROR_TEXTS[error] ?? error}`;
  const lines = signatures.map(({ verdict: own, finding, reasons }) => {
    const at = finding.timestampedAt ?? finding.claimedAt;
    const time = at === null ? 'không rõ lúc' : vietnamIso(at);
    const source = finding.timestampedAt === null || finding.timestampedAt === undefined ? 'tự khai' : 'dấu thời gian';
    const scheme =
      finding.scheme === null || finding.scheme === undefined
        ? 'không rõ'
        : `${finding.scheme.algorithm} ${finding.scheme.hash}`;
    const why = reasons.map((code) => `\n    ${code}: ${REASON_TEXTS[code] ?? code}`).join('');
    const kind = finding.kind === 'document-timestamp' ? 'dấu thời gian tài liệu' : 'chữ ký';
    return `  ${own} – ${kind} ${finding.fieldName}: ${finding.signerName || 'không rõ người ký'}, ${time} (${source}), ${scheme}${why}`;
  });
  return [`${first}: ${signatures.length} chữ ký, mức ${level ?? 'không rõ'}`, ...lines].join('\n');
}

export async function runVerify(argv: readonly string[], context: CliContext): Promise<number> {
  const args = readArguments(argv, {
    texts: ['trust'],
    repeated: ['allow-host'],
    switches: ['json', 'ignore-trust', 'online'],
  });
  const report = await makeReportOrRefusal(readInput(onePositional(args)), args);
  context.print(args.has('json') ? asJson(report) : asText(report));
  return report.verdict === 'valid' ? 0 : 1;
}
