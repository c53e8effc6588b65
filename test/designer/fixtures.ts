// Answers of the server as tests need them: complete by type, changed by the test where it matters.

import type { DocumentView, TaskView } from '../../designer/src/api/contract.ts';

export const makeDocument = (changes: Partial<DocumentView> = {}): DocumentView => ({
  id: '5f0c8a3e-2a5b-4c7e-9a39-5f9f0d3c1a11',
  direction: 'outgoing',
  status: 'draft',
  documentTypeId: 'official_letter',
  documentTypeName: 'Công văn',
  subject: 'Triển khai gửi, nhận văn bản điện tử',
  urgency: 'normal',
  documentCode: null,
  issuedOn: null,
  arrivalNumber: null,
  originName: 'Văn phòng UBND tỉnh',
  createdAt: '2019-05-06T01:00:00.000Z',
  updatedAt: '2019-05-06T01:00:00.000Z',
  agencyId: 'vp-ubnd-tinh',
  notation: 'VPUBND',
  signerId: '7d9a5c1e-0b0f-4f57-8a7e-3c2b1a0f9e8d',
  signingCapacity: 'head',
  signerName: 'Trần Văn Mẫu',
  signerPosition: 'Chánh Văn phòng',
  drafterName: 'Nguyễn Thị Mẫu',
  dueOn: null,
  sendBy: null,
  returnReason: null,
  instruction: null,
  assigneeName: null,
  recipients: [{ id: 'so-tttt', name: 'Sở Thông tin và Truyền thông' }],
  letter: null,
  versions: [],
  signatures: [],
  evidence: null,
  deliveries: [],
  caseFileId: null,
  instanceKey: '2251799813685249',
  taskKeys: [],
  ...changes,
});

export const makeTask = (changes: Partial<TaskView> = {}): TaskView => ({
  key: '2251799813685300',
  name: 'Duyệt dự thảo',
  action: 'draft.review',
  elementId: 'UserTask_ReviewDraft',
  document: null,
  assigneeName: null,
  isMine: false,
  candidateRoles: ['leader'],
  createdAt: '2019-05-06T01:00:00.000Z',
  dueAt: null,
  isOverdue: false,
  ...changes,
});

export const makeVersion = (
  changes: Partial<DocumentView['versions'][number]> = {},
): DocumentView['versions'][number] => ({
  version: 1,
  kind: 'draft',
  fileName: 'du-thao.pdf',
  sha256: 'a'.repeat(64),
  sizeBytes: 20_000,
  pageCount: 1,
  createdAt: '2019-05-06T01:05:00.000Z',
  ...changes,
});

/** A JSON answer as fetch gives it. */
export const jsonAnswer = (status: number, body: unknown): Response =>
  new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });
