// Wire contract of case files.

import { type Static, Type } from 'typebox';
import { DateTime, strict, Uuid } from './common.ts';
import { DocumentSummary } from './documents.ts';

export const CaseFileView = Type.Object(
  {
    id: Uuid,
    notation: Type.String(),
    title: Type.String(),
    year: Type.Integer(),
    retention: Type.String(),
    openedAt: DateTime,
    documents: Type.Array(DocumentSummary),
  },
  strict,
);
export type CaseFileView = Static<typeof CaseFileView>;
