// The agencies of the sample province, unfolded from the compact data file. What follows from an agency's place in the
// tree (parent, level, địa danh) is computed here, so the file cannot contradict itself.

import assert from 'node:assert';
import { AGENCY_KINDS, isAgencyCode, type AgencyImport, type AgencyKind } from '../../modules/agencies/index.ts';
import { asId, type AgencyId } from '../../shared/ids.ts';
import province from './sample-province.json' with { type: 'json' };

const PROVINCIAL_COMMITTEE = asId<AgencyId>('ubnd-tinh');
const PROVINCE_PLACE = 'Đắk Lắk';
const CENTRAL_PLACE = 'Hà Nội';
/** The unit that drafted CV 3321/UBND-KSTTHC; every other agency drafts in its office. */
const PROVINCIAL_LETTER_UNIT = 'KSTTHC';
const LETTER_UNIT = 'VP';

/** Only the tail of a committee's name is a địa danh: `UBND thành phố Buôn Ma Thuột` writes from `Buôn Ma Thuột`. */
const COMMITTEE_NAME = /^UBND (?:huyện|thành phố|thị xã|xã|phường|thị trấn) (?<place>.+)$/u;

/** All of them, parents before their children. */
export function listSampleAgencies(): readonly AgencyImport[] {
  return [...listProvincialAgencies(), ...listDistrictsWithCommunes(), ...listCentralBodies()];
}

const listProvincialAgencies = (): AgencyImport[] =>
  province.provincialAgencies.map(({ kind, ...entry }) => {
    const isCommittee = entry.id === PROVINCIAL_COMMITTEE;
    return toAgency(entry, {
      shortName: entry.shortName,
      kind: readKind(kind),
      level: isCommittee ? 1 : 2,
      parentId: isCommittee ? null : PROVINCIAL_COMMITTEE,
      place: PROVINCE_PLACE,
      letterUnit: isCommittee ? PROVINCIAL_LETTER_UNIT : LETTER_UNIT,
    });
  });

const listDistrictsWithCommunes = (): AgencyImport[] =>
  province.districts.flatMap(({ communes, ...entry }) => {
    const district = toAgency(entry, {
      ...committeeFacts(entry.name),
      kind: 'district_committee',
      level: 2,
      parentId: PROVINCIAL_COMMITTEE,
    });
    return [
      district,
      ...communes.map((commune) =>
        // Communes of different districts share names, so the district is part of the id.
        toAgency(
          { ...commune, id: `${district.id}--${commune.id}` },
          { ...committeeFacts(commune.name), kind: 'commune_committee', level: 3, parentId: district.id },
        ),
      ),
    ];
  });

const listCentralBodies = (): AgencyImport[] =>
  province.centralBodies.map((entry) =>
    toAgency(entry, {
      shortName: entry.shortName,
      kind: 'central_body',
      level: 1,
      parentId: null,
      place: CENTRAL_PLACE,
      letterUnit: LETTER_UNIT,
    }),
  );

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly code: string;
}

type Facts = Pick<AgencyImport, 'shortName' | 'kind' | 'level' | 'parentId' | 'place' | 'letterUnit'>;

function toAgency({ id, name, code }: Entry, facts: Facts): AgencyImport {
  assert(isAgencyCode(code), `Expected the code of '${id}' in its full form, but got '${code}'`);
  return {
    id: asId<AgencyId>(id),
    name,
    code,
    isPlaceholderCode: !province.verifiedCodes.includes(code),
    isSample: true,
    ...facts,
  };
}

function committeeFacts(name: string): Pick<Facts, 'shortName' | 'place' | 'letterUnit'> {
  const place = COMMITTEE_NAME.exec(name)?.groups?.['place'];
  assert(place !== undefined, `Expected the name of a committee, but got '${name}'`);
  return { shortName: 'UBND', place, letterUnit: LETTER_UNIT };
}

function readKind(text: string): AgencyKind {
  const kind = AGENCY_KINDS.find((known) => known === text);
  assert(kind !== undefined, `Expected a kind of agency, but got '${text}'`);
  return kind;
}
