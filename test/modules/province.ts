// A province small enough to read: three agencies with one person per role, the settings of the pilot, and the real
// adapters behind the ports. Tests of the modules start from here instead of from the whole sample province.

import { createHash } from 'node:crypto';
import { createEdxmlCodec } from '../../server/adapters/exchange/edxml/codec.ts';
import { createPasswordHasher } from '../../server/adapters/ids/password-hasher.ts';
import { createTokenSource } from '../../server/adapters/ids/token-source.ts';
import { createPdfInspector } from '../../server/adapters/pdf/inspector.ts';
import { createLetterRenderer } from '../../server/adapters/pdf/letter-renderer.ts';
import { createPdfSigner } from '../../server/adapters/pdf/signer.ts';
import { createContentStore } from '../../server/adapters/postgres/content-store.ts';
import { createCredentialOpener } from '../../server/adapters/signing/pkcs12.ts';
import { createSignatureReader } from '../../server/adapters/signing/signature-reader.ts';
import { createSignerChecker } from '../../server/adapters/signing/signer-check.ts';
import { createTestAuthority } from '../../server/adapters/signing/test-authority.ts';
import { SAMPLE_PILOT } from '../../server/main/seed/pilot.ts';
import {
  actorOf,
  importAgencies,
  importUsers,
  listUsers,
  type AgencyImport,
} from '../../server/modules/agencies/index.ts';
import { importPilot } from '../../server/modules/pilot/index.ts';
import type { Actor, Role } from '../../server/shared/actor.ts';
import { asId, type AgencyId } from '../../server/shared/ids.ts';
import type { Transactions } from '../../server/shared/transactions.ts';
import { toInstant } from '../support/clock.ts';

/** Monday 6 May 2019, 08:00 in Vietnam. */
export const NOW = toInstant('2019-05-06T08:00:00+07:00');

export const COMMITTEE = asId<AgencyId>('ubnd-tinh');
export const DEPARTMENT = asId<AgencyId>('so-tttt');
export const CITY = asId<AgencyId>('ubnd-thanh-pho-buon-ma-thuot');

const common = { isPlaceholderCode: true, isSample: true } as const;
const AGENCIES: readonly AgencyImport[] = [
  {
    ...common,
    id: COMMITTEE,
    name: 'Ủy ban nhân dân tỉnh Đắk Lắk',
    shortName: 'UBND',
    kind: 'provincial_committee',
    level: 1,
    parentId: null,
    code: '000.00.00.H15',
    place: 'Đắk Lắk',
    letterUnit: 'KSTTHC',
  },
  {
    ...common,
    id: DEPARTMENT,
    name: 'Sở Thông tin và Truyền thông',
    shortName: 'STTTT',
    kind: 'department',
    level: 2,
    parentId: COMMITTEE,
    code: '000.00.13.H15',
    place: 'Đắk Lắk',
    letterUnit: 'VP',
  },
  {
    ...common,
    id: CITY,
    name: 'UBND thành phố Buôn Ma Thuột',
    shortName: 'UBND',
    kind: 'district_committee',
    level: 2,
    parentId: COMMITTEE,
    code: '000.00.30.H15',
    place: 'Buôn Ma Thuột',
    letterUnit: 'VP',
  },
];

const PEOPLE = [
  { role: 'officer', prefix: 'cv', fullName: 'Nguyễn Thị Ánh Tuyết', position: 'Chuyên viên' },
  { role: 'leader', prefix: 'ld', fullName: 'Y Thịnh Êban', position: 'Chủ tịch UBND tỉnh' },
  { role: 'clerk', prefix: 'vt', fullName: 'Đỗ Văn Ước', position: 'Văn thư' },
] as const satisfies readonly { role: Role; prefix: string; fullName: string; position: string }[];

export const PASSWORD = 'mật khẩu thử';

export type Staff = Readonly<Record<'officer' | 'leader' | 'clerk', Actor>>;

export interface Province {
  readonly committee: Staff;
  readonly department: Staff;
  readonly city: Staff;
}

export async function createProvince(transactions: Transactions): Promise<Province> {
  const passwordHash = await createPasswordHasher().hash(PASSWORD.normalize('NFC'));
  const users = AGENCIES.flatMap(({ id: agencyId }) =>
    PEOPLE.map(({ role, prefix, fullName, position }) => ({
      username: `${prefix}.${agencyId}`,
      fullName,
      position,
      agencyId,
      roles: [role],
      isSample: true,
      passwordHash,
    })),
  );
  return transactions.run(async (tx) => {
    await importAgencies(tx, AGENCIES);
    await importUsers(tx, users);
    await importPilot(tx, SAMPLE_PILOT);
    const staffOf = async (agencyId: AgencyId): Promise<Staff> => {
      const actors = (await listUsers(tx, { agencyId })).map(actorOf);
      const withRole = (role: Role): Actor => {
        const actor = actors.find(({ roles }) => roles.includes(role));
        if (actor === undefined) throw new Error(`No ${role} in ${agencyId}`);
        return actor;
      };
      return { officer: withRole('officer'), leader: withRole('leader'), clerk: withRole('clerk') };
    };
    return { committee: await staffOf(COMMITTEE), department: await staffOf(DEPARTMENT), city: await staffOf(CITY) };
  });
}

/** The real adapters behind the ports of the modules. */
export const createDeps = () => ({
  hasher: createPasswordHasher(),
  tokens: createTokenSource(),
  contentStore: createContentStore(),
  inspector: createPdfInspector(),
  renderer: createLetterRenderer(),
  signer: createPdfSigner(),
  reader: createSignatureReader(),
  opener: createCredentialOpener(),
  authority: createTestAuthority(),
  checker: createSignerChecker({ publicHosts: [], trustedHosts: [], timeoutMs: 1_000, maxBytes: 1_000_000 }),
  codec: createEdxmlCodec(),
  hash: (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex'),
});
export type Deps = ReturnType<typeof createDeps>;
