// What a worker says of a job besides its end: it failed, it met a business error, it needs more time or more tries.

import { Type } from 'typebox';
import type { Json } from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { invalidArgument } from '../problem.ts';
import { Int, KeyParams, Nullable, Strict, VariableMap, Int64Text, numberOf } from '../schemas.ts';
import { asCommand, callerOf, keyOf } from './command.ts';

type Variables = Readonly<Record<string, Json>>;

const config = { access: { kind: 'client', scope: 'work' } } as const;
const tags = ['Job'];
const params = KeyParams('jobKey');

const LONGEST_BACKOFF_MS = 366 * 24 * 60 * 60 * 1_000;

export function registerJobChanges(app: App, deps: ApiDeps): void {
  const { commands } = deps.runtime;
  app.post(
    '/jobs/:jobKey/failure',
    {
      schema: {
        tags,
        operationId: 'failJob',
        params,
        body: Strict({
          retries: Type.Optional(Int),
          errorMessage: Type.Optional(Type.String()),
          retryBackOff: Type.Optional(Int64Text),
          variables: Type.Optional(VariableMap),
        }),
      },
      config,
    },
    async (request, reply) => {
      const { retries = 0, errorMessage = '', variables = {} } = request.body;
      const retryBackOff = numberOf(request.body.retryBackOff);
      if (retries < 0) throw invalidArgument(`The value for retries is '${retries}' but must be not negative.`);
      if (retryBackOff < 0) {
        throw invalidArgument(`The value for retryBackOff is '${retryBackOff}' but must be not negative.`);
      }
      const report = {
        jobKey: keyOf(request.params.jobKey),
        retries,
        message: errorMessage,
        backOffMs: Math.min(retryBackOff, LONGEST_BACKOFF_MS),
        variables: variables as Variables, // JSON by nature
      };
      await asCommand('FAIL', commands.failJob(callerOf(deps, request), report));
      return reply.status(204).send();
    },
  );
  app.post(
    '/jobs/:jobKey/error',
    {
      schema: {
        tags,
        operationId: 'throwJobError',
        params,
        body: Strict({
          errorCode: Type.String(),
          errorMessage: Type.Optional(Nullable(Type.String())),
          variables: Type.Optional(Nullable(VariableMap)),
        }),
      },
      config,
    },
    async (request, reply) => {
      const { errorCode, errorMessage, variables } = request.body;
      if (errorCode.trim() === '') throw invalidArgument('No errorCode provided.');
      const error = {
        jobKey: keyOf(request.params.jobKey),
        code: errorCode,
        message: errorMessage ?? '',
        variables: (variables ?? {}) as Variables, // JSON by nature
      };
      await asCommand('THROW_ERROR', commands.throwJobError(callerOf(deps, request), error));
      return reply.status(204).send();
    },
  );
  registerPatch(app, deps);
}

const LONGEST_TIMEOUT_MS = 366 * 24 * 60 * 60 * 1_000;

function registerPatch(app: App, deps: ApiDeps): void {
  app.patch(
    '/jobs/:jobKey',
    {
      schema: {
        tags,
        operationId: 'updateJob',
        params,
        body: Strict({
          changeset: Strict({
            retries: Type.Optional(Nullable(Int)),
            timeout: Type.Optional(Nullable(Int64Text)),
          }),
          operationReference: Type.Optional(Int64Text),
        }),
      },
      config,
    },
    async (request, reply) => {
      const { retries = null, timeout: given = null } = request.body.changeset;
      const timeout = given === null ? null : numberOf(given);
      if (retries === null && timeout === null) {
        throw invalidArgument('At least one of [retries, timeout] is required.');
      }
      if (retries !== null && retries < 1) {
        throw invalidArgument(`The value for retries is '${retries}' but must be greater than 0.`);
      }
      if (timeout !== null && timeout < 0) {
        throw invalidArgument(`The value for timeout is '${timeout}' but must be not negative.`);
      }
      const change = {
        jobKey: keyOf(request.params.jobKey),
        retries,
        timeoutMs: timeout === null ? null : Math.min(timeout, LONGEST_TIMEOUT_MS),
      };
      await asCommand('UPDATE', deps.runtime.commands.updateJob(callerOf(deps, request), change));
      return reply.status(204).send();
    },
  );
}
