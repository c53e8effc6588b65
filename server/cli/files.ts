// Files of the command line: what is read comes in whole, what is written appears whole or not at all.

import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../shared/app-error.ts';
import { readCertificate } from '../adapters/signing/certificate.ts';
import { DerFault } from '../adapters/signing/der.ts';

/** A system error has a code; anything else is a bug and goes up. */
const isSystemError = (error: unknown): boolean => error instanceof Error && 'code' in error;

export function readInput(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new AppError('invalid-input', 'CLI_FILE_MISSING', `Cannot read ${path}`, { cause: error });
  }
}

export function writeOutput(path: string, bytes: Uint8Array): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, bytes);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    if (!isSystemError(error)) throw error;
    throw new AppError('invalid-input', 'CLI_OUTPUT_FAILED', `Cannot write ${path}`, { cause: error });
  }
}

/** Every certificate of a PEM file, or the one of a DER file. */
function certificatesIn(bytes: Uint8Array): readonly Uint8Array[] {
  const text = Buffer.from(bytes).toString('latin1');
  const blocks = [...text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)];
  const candidates =
    blocks.length === 0 ? [bytes] : blocks.map(([, body = '']) => new Uint8Array(Buffer.from(body, 'base64')));
  return candidates.filter((candidate) => {
    try {
      return readCertificate(candidate).der.length > 0;
    } catch (error) {
      if (error instanceof DerFault) return false;
      throw error;
    }
  });
}

/** Throws AppError CLI_TRUST_EMPTY when the directory holds no certificate: trusting nobody by accident looks like a bug. */
export function readTrust(directory: string): readonly Uint8Array[] {
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new AppError('invalid-input', 'CLI_FILE_MISSING', `Cannot read ${directory}`, { cause: error });
  }
  const files = names.filter((name) => /\.(cer|crt|pem|der)$/i.test(name)).sort();
  const trust = files.flatMap((name) => certificatesIn(readInput(join(directory, name))));
  if (trust.length === 0) throw new AppError('invalid-input', 'CLI_TRUST_EMPTY', `No certificate in ${directory}`);
  return trust;
}
