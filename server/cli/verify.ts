// `tram verify`: judges the signatures of one PDF and prints the verdict first, then the reasons for each signature. It
// only translates arguments into the validator's options and its report into text; exit status 0 means valid, and only that.

import { instantOf, vietnamIso } from '../shared/time.ts';
import { REASONS } from '../adapters/signing/validation/reasons.ts';
import type {
  Reason,
  SignatureReport,
  ValidationMode,
  ValidationReport,
} from '../adapters/signing/validation/report.ts';
import { describeChanges, VERDICT_TEXTS } from '../adapters/signing/validation/texts.ts';
import { validateFile } from '../adapters/signing/validation/validate-file.ts';
import { onePositional, readArguments } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { readInput, readTrust } from './files.ts';
import type { CliContext } from './context.ts';
import { guardFor } from './network.ts';
import { usageError } from './texts.ts';

function timeOf(args: Arguments): Date | null {
  const text = args.text('at');
  if (text === null) return null;
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw usageError('--at THỜI-ĐIỂM (ISO 8601)');
  return date;
}

function modeOf(args: Arguments): ValidationMode {
  if (args.has('ignore-trust')) return 'integrity';
  return args.text('trust') === null ? 'untold' : 'full';
}

/** Sentences and codes of the regulations beside the report's own codes, for programs that show them. */
const asJson = (report: ValidationReport): string => {
  const withText = <T extends { readonly code: keyof typeof REASONS }>(reason: T): object => ({
    ...reason,
    domainCode: REASONS[reason.code].domainCode,
    text: REASONS[reason.code].vi,
  });
  const { verdict, ...rest } = report;
  const signatures = report.signatures.map((item) => ({ ...item, reasons: item.reasons.map(withText) }));
  // The verdict stands on the first line here too.
  const text = JSON.stringify({ verdict, ...rest, reasons: report.reasons.map(withText), signatures }, null, 2);
  return text.replace(/^\{\n\s*/, '{ ');
};

function sentenceOf({ code, detail }: Reason): string {
  const { vi, domainCode } = REASONS[code];
  return `${domainCode === '' ? '' : `${domainCode}: `}${vi} (${code}${detail === '' ? '' : `: ${detail}`})`;
}

function describe(signature: SignatureReport): string {
  const at = signature.provenAt ?? signature.claimedAt;
  const time = at === null ? 'không rõ lúc' : vietnamIso(instantOf(new Date(at)));
  const source = signature.provenAt === null ? 'tự khai' : 'dấu thời gian';
  const kind = signature.kind === 'document-timestamp' ? 'dấu thời gian tài liệu' : 'chữ ký';
  const who = signature.signer?.name ?? 'không rõ người ký';
  const head = `  ${signature.verdict} – ${kind} ${signature.field}: ${who}, ${time} (${source}), ${signature.algorithm ?? 'không rõ thuật toán'}`;
  const why = signature.reasons.map((reason) => `    ${sentenceOf(reason)}`);
  const changes = describeChanges(signature.changes);
  return [head, ...why, ...(changes === null ? [] : [`    ${changes}`])].join('\n');
}

function asText(report: ValidationReport): string {
  const count = report.signatures.length;
  const first = `${report.verdict} – ${VERDICT_TEXTS[report.verdict]}: ${count} chữ ký, mức ${report.level ?? 'không rõ'}`;
  const reasons = report.reasons.map((reason) => `  ${sentenceOf(reason)}`);
  return [first, ...reasons, ...report.signatures.map(describe)].join('\n');
}

export async function runVerify(argv: readonly string[], context: CliContext): Promise<number> {
  const args = readArguments(argv, {
    texts: ['trust', 'at'],
    repeated: ['allow-host'],
    switches: ['json', 'ignore-trust', 'online'],
  });
  const directory = args.text('trust');
  const { report } = await validateFile(readInput(onePositional(args)), {
    mode: modeOf(args),
    trust: directory === null ? [] : readTrust(directory),
    guard: args.has('online') ? guardFor(args, []) : null,
    at: timeOf(args),
    now: context.now(),
  });
  context.print(args.has('json') ? asJson(report) : asText(report));
  return report.verdict === 'valid' ? 0 : 1;
}
