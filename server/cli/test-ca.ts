// `tram test-ca`: a certification authority on this machine for trying things out, with sample people and seals as PKCS#12
// files. Keys are made anew at each start and everything is marked as having no legal value.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { instantOf, parseInstant } from '../shared/time.ts';
import type { Instant } from '../shared/time.ts';
import type { CertificateRequest } from '../modules/signing/ports.ts';
import { startTestServices } from '../adapters/signing/test-authority-services.ts';
import type { TestServices } from '../adapters/signing/test-authority-services.ts';
import { readArguments } from './arguments.ts';
import { writeOutput } from './files.ts';
import type { CliContext } from './context.ts';
import { usageError } from './texts.ts';

const DEFAULT_PORT = 8318;
const PIN = '123456';
const YEAR_MS = 365 * 86_400_000;

interface Sample {
  readonly file: string;
  readonly request: Pick<CertificateRequest, 'commonName' | 'organization' | 'title' | 'keyKind'>;
  readonly state: 'valid' | 'expired' | 'revoked';
}

const AGENCY = 'Ủy ban nhân dân tỉnh Đắk Lắk';
const OFFICE = 'Sở Thông tin và Truyền thông';
const SAMPLES: readonly Sample[] = [
  {
    file: 'lanh-dao-rsa',
    request: { commonName: 'Phạm Thị Mẫu', organization: AGENCY, title: 'Chủ tịch', keyKind: 'RSA-2048' },
    state: 'valid',
  },
  {
    file: 'lanh-dao-ec',
    request: { commonName: 'Nguyễn Thị Hường', organization: OFFICE, title: 'Giám đốc', keyKind: 'EC-P256' },
    state: 'valid',
  },
  {
    file: 'con-dau-rsa',
    request: { commonName: AGENCY, organization: AGENCY, title: null, keyKind: 'RSA-3072' },
    state: 'valid',
  },
  {
    file: 'con-dau-ec',
    request: { commonName: OFFICE, organization: OFFICE, title: null, keyKind: 'EC-P384' },
    state: 'valid',
  },
  {
    file: 'het-han',
    request: { commonName: 'Trần Văn Hết Hạn', organization: OFFICE, title: null, keyKind: 'EC-P256' },
    state: 'expired',
  },
  {
    file: 'thu-hoi',
    request: { commonName: 'Lê Thị Thu Hồi', organization: OFFICE, title: null, keyKind: 'EC-P256' },
    state: 'revoked',
  },
];

async function writeSamples(services: TestServices, directory: string, now: Date): Promise<void> {
  mkdirSync(join(directory, 'trust'), { recursive: true });
  writeOutput(join(directory, 'trust', 'goc.cer'), services.rootCertificate);
  writeOutput(join(directory, 'cap-chung-thu.cer'), services.issuingCertificate);
  for (const { file, request, state } of SAMPLES) {
    const to = state === 'expired' ? -YEAR_MS / 12 : 3 * YEAR_MS;
    const issued = await services.issue({
      ...request,
      validFrom: instantOf(new Date(now.getTime() - YEAR_MS)),
      validTo: instantOf(new Date(now.getTime() + to)),
      pin: PIN,
    });
    if (state === 'revoked') services.revoke(issued.serialNumber, new Date(now.getTime() - YEAR_MS / 12));
    writeOutput(join(directory, `${file}.p12`), issued.pkcs12);
  }
}

/** Older than every sample, so that documents of the pilot can be signed as of their day. */
const AUTHORITY_FROM: Instant | null = parseInstant('2019-01-01T00:00:00+07:00');

export async function runTestCa(argv: readonly string[], context: CliContext): Promise<number> {
  const args = readArguments(argv, { texts: ['port', 'out'] });
  const port = Number(args.text('port') ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw usageError('--port');
  const validFrom = AUTHORITY_FROM ?? instantOf(context.now());
  const services = await startTestServices({ port, validFrom, now: context.now, keyKind: 'RSA-2048' });
  try {
    const directory = args.text('out') ?? join('.data', 'test-ca');
    await writeSamples(services, directory, context.now());
    context.print(`CA THỬ NGHIỆM (không có giá trị pháp lý) tại ${services.url}`);
    context.print(
      `  dấu thời gian ${services.url}/tsa · OCSP ${services.url}/ocsp · CRL ${services.url}/crl/issuing.crl`,
    );
    context.print(`  khóa mẫu trong ${directory}, mã PIN ${PIN}; nhấn Ctrl+C để dừng`);
    await context.untilStopped();
  } finally {
    await services.close();
  }
  return 0;
}
