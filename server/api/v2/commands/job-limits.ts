// Limits of job types: an addition of ours to the interface, for operators. How many jobs of a type all workers together
// may hold, and how many they get per second.

import { Type } from 'typebox';
import type { ApiDeps, App } from '../../types.ts';
import { invalidArgument } from '../problem.ts';
import { Int, Nullable, Strict } from '../schemas.ts';
import { callerOf } from './command.ts';

const config = { access: { kind: 'client', scope: 'operate' } } as const;
const tags = ['Job limits (Trạm)'];
const params = Strict({ type: Type.String({ maxLength: 500 }) });

const Limit = Strict({
  type: Type.String(),
  maxHeld: Nullable(Int),
  perSecond: Nullable(Type.Number()),
  held: Int,
  setBy: Type.String(),
  setAt: Type.String({ format: 'date-time' }),
});
const LimitBody = Strict({
  maxHeld: Type.Optional(Nullable(Int)),
  perSecond: Type.Optional(Nullable(Type.Number())),
});

const MOST = 1_000_000;

export function registerJobLimitRoutes(app: App, deps: ApiDeps): void {
  const { commands } = deps.runtime;
  app.get(
    '/job-limits',
    {
      schema: { tags, operationId: 'listJobLimits', response: { 200: Strict({ items: Type.Array(Limit) }) } },
      config,
    },
    async (request) => ({ items: [...(await commands.listJobLimits(callerOf(deps, request)))] }),
  );
  app.put(
    '/job-limits/:type',
    { schema: { tags, operationId: 'setJobLimit', params, body: LimitBody }, config },
    async (request, reply) => {
      const { maxHeld = null, perSecond = null } = request.body;
      if (maxHeld === null && perSecond === null) {
        throw invalidArgument('At least one of [maxHeld, perSecond] is required; DELETE takes the limits away.');
      }
      if (maxHeld !== null && (maxHeld < 0 || maxHeld > MOST)) {
        throw invalidArgument(`The value for maxHeld is '${maxHeld}' but must be within the [0,${MOST}] range.`);
      }
      if (perSecond !== null && (perSecond <= 0 || perSecond > MOST)) {
        throw invalidArgument(
          `The value for perSecond is '${perSecond}' but must be greater than 0 and at most ${MOST}.`,
        );
      }
      await commands.setJobLimit(callerOf(deps, request), { type: request.params.type, maxHeld, perSecond });
      return reply.status(204).send();
    },
  );
  app.delete(
    '/job-limits/:type',
    { schema: { tags, operationId: 'removeJobLimit', params }, config },
    async (request, reply) => {
      await commands.removeJobLimit(callerOf(deps, request), request.params.type);
      return reply.status(204).send();
    },
  );
}
