// The public check: a PDF in, a verdict out, nothing kept. And the trust list, which administrators of this node keep. The
// file goes to a thread with limits; the route bounds its size and how often one address may ask.

import { Type } from 'typebox';
import { loadTrust } from '../../modules/signing/index.ts';
import {
  addTrustAnchor,
  listTrustAnchors,
  loadAnchors,
  retireTrustAnchor,
  type TrustAnchor,
} from '../../modules/validation/index.ts';
import { AppError } from '../../shared/app-error.ts';
import { AddAnchorBody, FileCheckView, Items, RetireAnchorBody, strict, TrustAnchorView } from '../contract/index.ts';
import { actorOf } from '../plugins/access.ts';
import type { ApiDeps, App } from '../types.ts';

const administering = { kind: 'role', roles: ['admin'] } as const;
const CHECKS_PER_MINUTE = 20;
const MAX_FILE_BYTES = 25 * 1024 * 1024;

export function registerValidationRoutes(app: App, deps: ApiDeps): void {
  registerCheck(app, deps);

  app.get(
    '/api/trust-anchors',
    { schema: { response: { 200: Items(TrustAnchorView) } }, config: { access: administering } },
    async () => {
      const anchors = await deps.transactions.run((tx) => listTrustAnchors(tx));
      return { items: anchors.map(viewAnchor) };
    },
  );

  app.post(
    '/api/trust-anchors',
    { schema: { body: AddAnchorBody, response: { 201: TrustAnchorView } }, config: { access: administering } },
    async (request, reply) => {
      const { certificate, sha256, reason } = request.body;
      const input = { certificate: decode(certificate), expectedSha256: sha256, reason };
      const anchor = await deps.transactions.run((tx) =>
        addTrustAnchor(tx, deps.files, actorOf(request), input, deps.clock.now()),
      );
      return reply.status(201).send(viewAnchor(anchor));
    },
  );

  app.post(
    '/api/trust-anchors/:sha256/retire',
    {
      schema: {
        params: Type.Object({ sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) }, strict),
        body: RetireAnchorBody,
        response: { 200: TrustAnchorView },
      },
      config: { access: administering },
    },
    async (request) => {
      const input = { sha256: request.params.sha256, reason: request.body.reason };
      const anchor = await deps.transactions.run((tx) =>
        retireTrustAnchor(tx, actorOf(request), input, deps.clock.now()),
      );
      return viewAnchor(anchor);
    },
  );
}

function registerCheck(app: App, deps: ApiDeps): void {
  app.post(
    '/api/validation',
    {
      schema: { response: { 200: FileCheckView } },
      config: { access: { kind: 'public' }, rateLimit: { max: CHECKS_PER_MINUTE, timeWindow: '1 minute' } },
    },
    async (request) => {
      const file = await request.file({ limits: { fileSize: MAX_FILE_BYTES } });
      if (file === undefined) throw new AppError('invalid-input', 'FILE_MISSING', 'Expected a file');
      const bytes = new Uint8Array(await file.toBuffer());
      const now = deps.clock.now();
      const trust = await deps.transactions.run(async (tx) => {
        const own = await loadTrust(tx, deps.files, now);
        const { roots, intermediates } = await loadAnchors(tx, now);
        return { roots: [...own.roots, ...roots], intermediates, lists: own.lists };
      });
      const { verdict, reasons, signatures, report } = await deps.files.validator.validate(bytes, trust, now);
      return {
        verdict,
        reasons: [...reasons],
        signatures: signatures.map((signature) => ({ ...signature, reasons: [...signature.reasons] })),
        report,
      };
    },
  );
}

const decode = (text: string): Uint8Array =>
  new Uint8Array(text.includes('-----BEGIN') ? Buffer.from(text, 'latin1') : Buffer.from(text, 'base64'));

const viewAnchor = (anchor: TrustAnchor): TrustAnchorView => ({
  sha256: anchor.sha256,
  kind: anchor.kind,
  name: anchor.name,
  effectiveFrom: anchor.effectiveFrom,
  effectiveTo: anchor.effectiveTo,
  reason: anchor.reason,
  retiredReason: anchor.retiredReason,
});
