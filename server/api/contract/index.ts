// The wire contract: schemas for the routes, types for the browser. Paths (all answer JSON unless said otherwise):
//   POST   /api/session                          LoginBody → LoginAnswer            public
//   GET    /api/session                          → SessionView
//   DELETE /api/session                          204
//   GET    /api/document-types | /api/agencies | /api/people?role=leader            { items }
//   GET    /api/tasks?limit=                     { items: TaskView[] }              open tasks the caller may act on
//   GET    /api/tasks/:taskKey                   TaskView
//   POST   /api/tasks/:taskKey/claim             204                                first action of a handler
//   POST   /api/tasks/:taskKey/complete          TASK_INPUT[action] → CompleteAnswer (Idempotency-Key)
//   GET    /api/documents?direction=&status=&text=&limit=                           { items: DocumentSummary[] }
//   POST   /api/documents                        DraftBody → DocumentView 201       (Idempotency-Key)
//   GET    /api/documents/:id                    DocumentView
//   PUT    /api/documents/:id                    DraftBody → DocumentView
//   PUT    /api/documents/:id/letter             LetterBody → DocumentView          makes the A4 PDF
//   POST   /api/documents/:id/file               multipart `file` (PDF ≤ 50 MB) → DocumentView
//   GET    /api/documents/:id/file?version=      application/pdf, byte ranges
//   GET    /api/documents/:id/signatures         SignatureCheckView                 verified now
//   GET    /api/documents/:id/timeline           { items: TimelineEntry[] }
//   GET    /api/documents/:id/packages/:packageId  application/xml (edXML)
//   GET    /api/signing/tasks/:taskKey           SigningOptionsView                 ways to sign, and where it will stand
//   POST   /api/signing/sessions                 OpenSessionBody → SigningSessionView 201
//   GET    /api/signing/sessions/:id             SigningSessionView
//   POST   /api/signing/sessions/:id/signature   SignatureValueBody → SigningSessionView   one answer, completes the task
//   POST   /api/signing/sessions/:id/cancel      SigningSessionView
//   POST   /api/signing/token                    TokenSigningBody → SigningSessionView     a device of the server
//   POST   /api/signing/batches                  BatchBody → BatchAnswer            a result for each document
//   GET    /api/signing/files/:token             application/pdf                    public, one-time token
//   POST   /api/signing/files/:token             multipart file → UploadAnswer      public, one-time token
//   GET    /api/signing/quarantine               { items: QuarantineView[] }
//   POST   /api/signing/quarantine/:id/handled   204
//   GET    /api/case-files                       { items: CaseFileView[] }
//   GET    /api/case-files/:id/package           application/zip
//   GET    /api/operations/instances?queue=&processId=&after=  InstanceList         administrators, own agency
//   GET    /api/operations/instances/:key        InstanceView
//   POST   /api/operations/instances/:key/previews  { change } → ChangePreview     done and taken back
//   POST   /api/operations/instances/:key/changes   ChangeBody, 204                (Idempotency-Key)
//   POST   /api/validation                       multipart file → FileCheckView     public, nothing is kept
//   GET    /api/trust-anchors                    { items: TrustAnchorView[] }       administrators
//   POST   /api/trust-anchors                    AddAnchorBody → TrustAnchorView 201
//   POST   /api/trust-anchors/:sha256/retire     RetireAnchorBody → TrustAnchorView
//   GET    /api/health                           HealthView                         public
//   PUT    /v2/clock, POST /v2/clock/reset       204                                only with --test-mode
// Errors: ErrorBody. Idempotency-Key: a UUID; the same key with another body answers 422 IDEMPOTENCY_KEY_REUSED.

export * from './archive.ts';
export * from './catalog.ts';
export * from './clock.ts';
export * from './common.ts';
export * from './documents.ts';
export * from './operations.ts';
export * from './session.ts';
export * from './signing.ts';
export * from './tasks.ts';
export * from './validation.ts';
