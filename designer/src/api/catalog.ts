// Routes of the catalogue: document types, agencies, people of the caller's agency.

import { call, withQuery } from './client.ts';
import type { AgencyView, DocumentTypeView, Items, PersonView, Role } from './contract.ts';

export const listDocumentTypes = async (): Promise<readonly DocumentTypeView[]> =>
  (await call<Items<DocumentTypeView>>('GET', '/api/document-types')).items;

export const listAgencies = async (): Promise<readonly AgencyView[]> =>
  (await call<Items<AgencyView>>('GET', '/api/agencies')).items;

export const listPeople = async (role?: Role): Promise<readonly PersonView[]> =>
  (await call<Items<PersonView>>('GET', withQuery('/api/people', { role }))).items;
