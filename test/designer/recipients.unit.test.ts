// Groups of agencies and the search in them, without a page.

import { describe, expect, it } from 'vitest';
import type { AgencyView } from '../../designer/src/api/contract.ts';
import { groupAgencies, searchGroups } from '../../designer/src/areas/documents/draft/group-agencies.ts';

const agency = (id: string, name: string, kind: string, parentId: string | null = null): AgencyView => ({
  id,
  name,
  shortName: id.toUpperCase(),
  kind,
  parentId,
  code: '000.00.01.H15',
  isPlaceholderCode: true,
});

const few = [
  agency('huyen-a', 'UBND huyện Ea Súp', 'district_committee'),
  agency('so-tc', 'Sở Tài chính', 'department'),
  agency('so-nv', 'Sở Nội vụ', 'department'),
  agency('xa-1', 'UBND xã Ea Lê', 'commune_committee', 'huyen-a'),
];
const communes = Array.from({ length: 50 }, (_, index) =>
  agency(`xa-${index}`, `UBND xã ${index}`, 'commune_committee', index % 2 === 0 ? 'huyen-a' : 'huyen-b'),
);

describe('groups of recipients', () => {
  it('puts departments before districts before communes, and sorts names', () => {
    const groups = groupAgencies(few);
    expect(groups.map((group) => group.kind)).toEqual(['department', 'district_committee', 'commune_committee']);
    expect(groups[0]?.agencies.map((one) => one.name)).toEqual(['Sở Nội vụ', 'Sở Tài chính']);
  });

  it('splits a kind with very many members by parent', () => {
    const districts = [
      agency('huyen-a', 'UBND huyện A', 'district_committee'),
      agency('huyen-b', 'UBND huyện B', 'district_committee'),
    ];
    const groups = groupAgencies([...districts, ...communes]).filter((group) => group.kind === 'commune_committee');
    expect(groups.map((group) => [group.parentName, group.agencies.length])).toEqual([
      ['UBND huyện A', 25],
      ['UBND huyện B', 25],
    ]);
  });

  it('does not split a kind with few members', () => {
    expect(groupAgencies(few).find((group) => group.kind === 'commune_committee')?.parentName).toBeNull();
  });

  it('keeps an agency of an unknown kind, at the end', () => {
    const groups = groupAgencies([agency('x', 'Cơ quan lạ', 'new_kind'), ...few]);
    expect(groups.at(-1)?.kind).toBe('new_kind');
  });
});

describe('search of recipients', () => {
  const find = (typed: string): string[] =>
    searchGroups(groupAgencies(few), typed).flatMap((group) => group.agencies.map((one) => one.id));

  it('finds without accents and in any order of words', () => {
    expect(find('chinh tai')).toEqual(['so-tc']);
  });

  it('finds by abbreviation', () => {
    expect(find('SO-NV')).toEqual(['so-nv']);
  });

  it('shows everything for blanks and nothing for a word that no agency has', () => {
    expect(find('  ')).toHaveLength(few.length);
    expect(find('bệnh viện')).toEqual([]);
  });
});
