// Commands with an Idempotency-Key: the first answer is stored in the command's own transaction and given again to
// every repetition. A refused command stores nothing, so a repetition is decided afresh. The key belongs to the user;
// the fingerprint covers method, path and body, except PINs, which must not leave a trace even as a hash.

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../shared/app-error.ts';
import type { Tx } from '../../shared/transactions.ts';
import type { ApiDeps } from '../types.ts';
import { actorOf } from './access.ts';

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

const KEY_FORM = /^[A-Za-z0-9_-]{8,100}$/;

/** Runs the command in one transaction; with a key, at most once. `content` stands for a body that is no JSON. */
export async function runCommand<Body>(
  deps: ApiDeps,
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly content?: Uint8Array },
  command: (tx: Tx) => Promise<Answer<Body>>,
): Promise<Body> {
  const { request, reply } = exchange;
  const key = readKey(request);
  const owner = actorOf(request).userId;
  const answer = await deps.transactions.run(async (tx): Promise<Answer<Body>> => {
    if (key === null) return command(tx);
    const fingerprint = fingerprintOf(request, exchange.content);
    const stored = await deps.runtime.findAnswer(tx, owner, key, fingerprint);
    // The stored body was produced by this same route, for the same fingerprint.
    if (stored !== null) return { status: stored.status, body: stored.answer as Body };
    const fresh = await command(tx);
    await deps.runtime.storeAnswer(tx, owner, key, { fingerprint, status: fresh.status, answer: fresh.body });
    return fresh;
  });
  void reply.status(answer.status);
  return answer.body;
}

function readKey(request: FastifyRequest): string | null {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return null;
  if (typeof header === 'string' && KEY_FORM.test(header)) return header;
  throw new AppError('invalid-input', 'REQUEST_INVALID', 'Idempotency-Key must be 8–100 letters, digits, _ or -', {
    details: { fields: [{ field: 'headers/idempotency-key', problem: 'format' }] },
  });
}

function fingerprintOf(request: FastifyRequest, content: Uint8Array | undefined): string {
  const hash = createHash('sha256').update(`${request.method} ${request.url}\n`);
  if (content !== undefined) return hash.update(content).digest('hex');
  return hash.update(JSON.stringify(request.body ?? null, withoutPin)).digest('hex');
}

const withoutPin = (name: string, value: unknown): unknown => (name === 'pin' ? undefined : value);
