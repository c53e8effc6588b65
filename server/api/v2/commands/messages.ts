// Messages and signals. Publishing is fire and forget; correlating answers who got it, or that nobody did.

import { Type } from 'typebox';
import type { Json } from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { DEFAULT_TENANT, refuseOtherTenants } from '../principal.ts';
import { invalidArgument } from '../problem.ts';
import { Int64Text, KeyText, numberOf, Strict, VariableMap } from '../schemas.ts';
import { asCommand } from './command.ts';

type Variables = Readonly<Record<string, Json>>;

const LONGEST_TTL_MS = 100 * 365 * 24 * 60 * 60 * 1_000;
const config = { access: { kind: 'client', scope: 'start' } } as const;

const named = {
  name: Type.String({ label: 'messageName' }),
  correlationKey: Type.Optional(Type.String()),
  variables: Type.Optional(VariableMap),
  tenantId: Type.Optional(Type.String()),
};

export function registerMessageRoutes(app: App, deps: ApiDeps): void {
  const { commands } = deps.runtime;
  app.post(
    '/messages/publication',
    {
      schema: {
        tags: ['Message'],
        operationId: 'publishMessage',
        body: Strict({
          ...named,
          timeToLive: Type.Optional(Int64Text),
          messageId: Type.Optional(Type.String()),
        }),
        response: { 200: Strict({ tenantId: Type.String(), messageKey: KeyText }) },
      },
      config,
    },
    async ({ body }) => {
      refuseOtherTenants([body.tenantId]);
      const timeToLiveMs = numberOf(body.timeToLive);
      if (timeToLiveMs < 0) {
        throw invalidArgument(`The value for timeToLive is '${timeToLiveMs}' but must be not negative.`);
      }
      const messageKey = await asCommand(
        'PUBLISH',
        commands.publish({
          name: requireName(body.name, 'messageName'),
          correlationKey: body.correlationKey ?? '',
          variables: (body.variables ?? {}) as Variables, // JSON by nature
          timeToLiveMs: Math.min(timeToLiveMs, LONGEST_TTL_MS),
          messageId: body.messageId === undefined || body.messageId === '' ? null : body.messageId,
        }),
      );
      return { tenantId: DEFAULT_TENANT, messageKey };
    },
  );
  app.post(
    '/messages/correlation',
    {
      schema: {
        tags: ['Message'],
        operationId: 'correlateMessage',
        body: Strict(named),
        response: { 200: Strict({ tenantId: Type.String(), messageKey: KeyText, processInstanceKey: KeyText }) },
      },
      config,
    },
    async ({ body }) => {
      refuseOtherTenants([body.tenantId]);
      const { messageKey, instanceKey } = await asCommand(
        'CORRELATE',
        commands.correlate({
          name: requireName(body.name, 'messageName'),
          correlationKey: body.correlationKey ?? '',
          variables: (body.variables ?? {}) as Variables, // JSON by nature
        }),
      );
      return { tenantId: DEFAULT_TENANT, messageKey, processInstanceKey: instanceKey };
    },
  );
  registerSignalRoute(app, deps);
}

function registerSignalRoute(app: App, deps: ApiDeps): void {
  app.post(
    '/signals/broadcast',
    {
      schema: {
        tags: ['Signal'],
        operationId: 'broadcastSignal',
        body: Strict({
          signalName: Type.String(),
          variables: Type.Optional(VariableMap),
          tenantId: Type.Optional(Type.String()),
        }),
        response: { 200: Strict({ tenantId: Type.String(), signalKey: KeyText }) },
      },
      config,
    },
    async ({ body }) => {
      refuseOtherTenants([body.tenantId]);
      const name = requireName(body.signalName, 'signalName');
      const variables = (body.variables ?? {}) as Variables; // JSON by nature
      const signalKey = await asCommand('BROADCAST', deps.runtime.commands.broadcastSignal({ name, variables }));
      return { tenantId: DEFAULT_TENANT, signalKey };
    },
  );
}

function requireName(name: string, label: string): string {
  if (name.trim() === '') throw invalidArgument(`No ${label} provided.`);
  return name;
}
