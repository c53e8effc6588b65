// `tram sign`: signs one PDF with a PKCS#12 key up to the level asked for, with the same code as the server. The output is
// written only when every step has succeeded and the result has been verified; the input is never touched.

import { resolve } from 'node:path';
import { AppError } from '../shared/app-error.ts';
import { instantOf } from '../shared/time.ts';
import type { Instant } from '../shared/time.ts';
import type { PageRect, SigningCredential, VisibleSignature } from '../modules/signing/ports.ts';
import { openPdf } from '../adapters/pdf/core/file.ts';
import { formFieldsOf } from '../adapters/pdf/form-fields.ts';
import { createPdfSigner } from '../adapters/pdf/signer.ts';
import { findSignaturePlaces } from '../adapters/pdf/signature-place.ts';
import { isSameBytes, readCertificate } from '../adapters/signing/certificate.ts';
import { extendToLt, extendToLta } from '../adapters/signing/long-term.ts';
import type { Level } from '../adapters/signing/long-term.ts';
import { createCredentialOpener } from '../adapters/signing/pkcs12.ts';
import { assertSignerAllowed } from '../adapters/signing/signer-check.ts';
import { createTimestampSource } from '../adapters/signing/tsa-client.ts';
import { chooseText, onePositional, readArguments, requireText } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { readInput, readTrust, writeOutput } from './files.ts';
import type { CliContext } from './context.ts';
import { guardFor } from './network.ts';
import { usageError } from './texts.ts';

const LEVELS = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const;
/** NĐ 30/2020/NĐ-CP is in force from this day. */
const PROFILE_2020_FROM = '2020-03-05';
const TSA_TIMEOUT_MS = 180_000;

function rectOf(args: Arguments): PageRect | null {
  const text = args.text('rect');
  if (text === null) return null;
  const [x, y, width, height, ...rest] = text.split(',').map(Number);
  const page = Number(args.text('page') ?? '1');
  const numbers = [x, y, width, height, page];
  const isSound = rest.length === 0 && numbers.every((value) => value !== undefined && Number.isFinite(value));
  if (!isSound || x === undefined || y === undefined || width === undefined || height === undefined) {
    throw usageError('--rect X,Y,R,C');
  }
  return { page, x, y, width, height };
}

interface Request {
  readonly args: Arguments;
  readonly pdf: Uint8Array;
  readonly credential: SigningCredential;
  readonly now: Instant;
}

function appearanceOf({ args, pdf, credential, now }: Request): VisibleSignature | null {
  const kind = chooseText(args, 'appearance', ['leader', 'seal', 'none'] as const) ?? 'none';
  if (kind === 'none') return null;
  const displayName = credential.subjectName;
  const role = kind === 'leader' ? 'personal' : 'agency';
  const found = rectOf(args) ?? findSignaturePlaces(pdf, args.text('signer-name') ?? displayName)?.[role];
  if (found === undefined) throw new AppError('rule', 'CLI_NAME_NOT_FOUND', `'${displayName}' is not in the text`);
  const profile = chooseText(args, 'profile', ['2019', '2020'] as const);
  return { role, rect: found, displayName, profile: profile ?? (now < PROFILE_2020_FROM ? '2019' : '2020') };
}

const PREFIXES = { leader: 'KyDuyet', seal: 'DongDau', none: 'ChuKy' } as const;

/** The name given, else the first free one for this kind of signature. */
function fieldNameOf(args: Arguments, pdf: Uint8Array): string {
  const given = args.text('field');
  if (given !== null) return given;
  const prefix = PREFIXES[chooseText(args, 'appearance', ['leader', 'seal', 'none'] as const) ?? 'none'];
  const taken = new Set(formFieldsOf(openPdf(pdf)).map((field) => field.fullName));
  let number = 1;
  while (taken.has(`${prefix}-${number}`)) number += 1;
  return `${prefix}-${number}`;
}

/** Without --trust: the roots that came with the key. */
function trustOf(args: Arguments, credential: SigningCredential): readonly Uint8Array[] {
  const directory = args.text('trust');
  if (directory !== null) return readTrust(directory);
  return credential.chain.filter((der) => {
    const certificate = readCertificate(der);
    return isSameBytes(certificate.issuer, certificate.subject);
  });
}

async function signToLevel(request: Request, level: Level): Promise<{ bytes: Uint8Array; fieldName: string }> {
  const { args, pdf, credential, now } = request;
  const tsa = args.text('tsa');
  if (level !== 'B-B' && tsa === null) throw new AppError('invalid-input', 'CLI_TSA_MISSING', 'Expected --tsa URL');
  const trust = trustOf(args, credential);
  const guard = guardFor(args, tsa === null ? [] : [tsa]);
  const source =
    tsa === null ? null : createTimestampSource({ url: tsa, guard: { ...guard, timeoutMs: TSA_TIMEOUT_MS }, trust });
  const isProven = level === 'B-LT' || level === 'B-LTA' || args.text('trust') !== null;
  const known = { certificates: [], crls: [], ocsps: [] };
  const signer = { certificate: credential.certificate, chain: credential.chain, expectedName: null, at: now };
  await assertSignerAllowed(signer, isProven ? { trust, known, guard } : null);

  const fieldName = fieldNameOf(args, pdf);
  const bytes = await createPdfSigner().sign({
    pdf,
    credential,
    fieldName,
    ...(source === null || level === 'B-B' ? {} : { timestamp: source }),
    appearance: appearanceOf(request),
    signedAt: now,
    reason: args.text('reason') ?? '',
    location: args.text('location') ?? '',
  });
  const options = { trust, guard, now };
  if (level === 'B-LT') return { bytes: await extendToLt(bytes, options), fieldName };
  if (level === 'B-LTA' && source !== null) return { bytes: await extendToLta(bytes, source, options), fieldName };
  return { bytes, fieldName };
}

export async function runSign(argv: readonly string[], context: CliContext): Promise<number> {
  const args = readArguments(argv, {
    texts: [
      ...['p12', 'pin-env', 'level', 'tsa', 'trust', 'appearance', 'profile', 'page', 'rect', 'signer-name'],
      ...['field', 'reason', 'location', 'output'],
    ],
    repeated: ['allow-host'],
    switches: ['pss'],
    short: { output: 'o' },
  });
  const file = onePositional(args);
  const output = requireText(args, 'output');
  if (resolve(output) === resolve(file)) throw usageError('-o phải khác tệp vào');
  const level = chooseText(args, 'level', LEVELS) ?? 'B-B';
  const p12 = requireText(args, 'p12');
  const pin = context.env[args.text('pin-env') ?? 'TRAM_PIN'];
  if (pin === undefined) throw new AppError('invalid-input', 'CLI_PIN_MISSING', 'The PIN variable is not set');
  const pdf = readInput(file);
  const rsaPadding = args.has('pss') ? 'PSS' : 'PKCS1';
  const credential = createCredentialOpener().open(readInput(p12), pin, { rsaPadding });
  const request = { args, pdf, credential, now: instantOf(context.now()) };
  const { bytes, fieldName } = await signToLevel(request, level);
  writeOutput(output, bytes);
  const scheme = credential.scheme === undefined ? '' : `, ${credential.scheme.algorithm} ${credential.scheme.hash}`;
  context.print(`Đã ký ${output}: mức ${level}${scheme}, người ký ${credential.subjectName}, trường ${fieldName}.`);
  return 0;
}
