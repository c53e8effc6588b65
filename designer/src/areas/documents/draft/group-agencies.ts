// Groups of agencies for picking recipients: by kind, and a kind with very many members (communes) by parent.
// Pure, so that the order and the accent-free search can be tested without a page.

import type { AgencyView } from '../../../api/contract.ts';
import { foldAccents } from '../../../composables/format.ts';

export interface AgencyGroup {
  readonly id: string;
  readonly kind: string;
  /** Set when the group holds the members of one parent, e.g. the communes of a district. */
  readonly parentName: string | null;
  readonly agencies: readonly AgencyView[];
}

const MANY = 40;
const KIND_ORDER = [
  'provincial_committee',
  'provincial_office',
  'department',
  'inspectorate',
  'board',
  'other_body',
  'district_committee',
  'commune_committee',
  'central_body',
];
const collator = new Intl.Collator('vi');

const rankOf = (kind: string): number => {
  const index = KIND_ORDER.indexOf(kind);
  return index === -1 ? KIND_ORDER.length : index;
};

export function groupAgencies(agencies: readonly AgencyView[]): readonly AgencyGroup[] {
  const names = new Map(agencies.map((agency) => [agency.id, agency.name]));
  const sizes = new Map<string, number>();
  for (const agency of agencies) sizes.set(agency.kind, (sizes.get(agency.kind) ?? 0) + 1);

  const groups = new Map<string, { kind: string; parentName: string | null; agencies: AgencyView[] }>();
  for (const agency of agencies) {
    const parentName =
      (sizes.get(agency.kind) ?? 0) > MANY && agency.parentId !== null ? (names.get(agency.parentId) ?? null) : null;
    const id = parentName === null ? agency.kind : `${agency.kind}/${agency.parentId}`;
    const group = groups.get(id) ?? { kind: agency.kind, parentName, agencies: [] };
    group.agencies.push(agency);
    groups.set(id, group);
  }
  return [...groups.entries()]
    .map(([id, group]) => ({ id, ...group, agencies: group.agencies.sort((a, b) => collator.compare(a.name, b.name)) }))
    .sort((a, b) => rankOf(a.kind) - rankOf(b.kind) || collator.compare(a.parentName ?? '', b.parentName ?? ''));
}

/** Keeps what contains every typed word in name, short name or code; "so tai chinh" finds "Sở Tài chính". */
export function searchGroups(groups: readonly AgencyGroup[], typed: string): readonly AgencyGroup[] {
  const words = foldAccents(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return groups;
  const matches = (agency: AgencyView): boolean => {
    const text = foldAccents(`${agency.name} ${agency.shortName} ${agency.code}`);
    return words.every((word) => text.includes(word));
  };
  return groups
    .map((group) => ({ ...group, agencies: group.agencies.filter(matches) }))
    .filter((group) => group.agencies.length > 0);
}
