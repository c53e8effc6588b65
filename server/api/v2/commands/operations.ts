// What operators do to one running instance: modify, migrate, suspend, resume.

import { Type } from 'typebox';
import type { Json, Operations } from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { invalidArgument } from '../problem.ts';
import { KeyParams, KeyText, Nullable, Strict, VariableMap, Int64Text } from '../schemas.ts';
import { asCommand, callerOf, keyOf, OperationBody } from './command.ts';

const tags = ['Process instance'];
const params = KeyParams('processInstanceKey');
const config = { access: { kind: 'client', scope: 'operate' } } as const;

const VariableInstructions = Type.Optional(
  Nullable(Type.Array(Strict({ variables: VariableMap, scopeId: Type.Optional(Type.String()) }))),
);

const ActivateInstruction = Strict({
  elementId: Type.String(),
  variableInstructions: VariableInstructions,
  ancestorElementInstanceKey: Type.Optional(Nullable(KeyText)),
});
const MoveInstruction = Strict({
  sourceElementInstruction: Strict({
    sourceType: Type.Optional(Type.String()),
    sourceElementId: Type.Optional(Type.String()),
    sourceElementInstanceKey: Type.Optional(KeyText),
  }),
  targetElementId: Type.String(),
  ancestorScopeInstruction: Type.Optional(
    Nullable(
      Strict({ ancestorScopeType: Type.String(), ancestorElementInstanceKey: Type.Optional(Nullable(KeyText)) }),
    ),
  ),
  variableInstructions: VariableInstructions,
});
const TerminateInstruction = Strict({
  elementId: Type.Optional(Type.String()),
  elementInstanceKey: Type.Optional(KeyText),
});

export const ModificationBody = Strict({
  operationReference: Type.Optional(Int64Text),
  activateInstructions: Type.Optional(Nullable(Type.Array(ActivateInstruction))),
  moveInstructions: Type.Optional(Nullable(Type.Array(MoveInstruction))),
  terminateInstructions: Type.Optional(Nullable(Type.Array(TerminateInstruction))),
});
type ModificationBody = Type.Static<typeof ModificationBody>;

export const MappingInstructions = Type.Array(
  Strict({ sourceElementId: Type.String(), targetElementId: Type.String() }),
);

type Modification = Omit<Parameters<Operations['modify']>[1], 'instanceKey' | 'actorId'>;

export function registerOperationRoutes(app: App, deps: ApiDeps): void {
  const { commands } = deps.runtime;
  app.post(
    '/process-instances/:processInstanceKey/modification',
    { schema: { tags, operationId: 'modifyProcessInstance', params, body: ModificationBody }, config },
    async (request, reply) => {
      const instanceKey = keyOf(request.params.processInstanceKey);
      const modification = modificationOf(request.body);
      const caller = callerOf(deps, request);
      const { actorId } = caller;
      await asCommand(
        'MODIFY',
        commands.operate(caller, instanceKey, (operations, tx) =>
          operations.modify(tx, { ...modification, instanceKey, actorId }),
        ),
      );
      return reply.status(204).send();
    },
  );
  app.post(
    '/process-instances/:processInstanceKey/migration',
    {
      schema: {
        tags,
        operationId: 'migrateProcessInstance',
        params,
        body: Strict({
          targetProcessDefinitionKey: KeyText,
          mappingInstructions: MappingInstructions,
          operationReference: Type.Optional(Int64Text),
        }),
      },
      config,
    },
    async (request, reply) => {
      const instanceKey = keyOf(request.params.processInstanceKey);
      const { targetProcessDefinitionKey, mappingInstructions: mapping } = request.body;
      const caller = callerOf(deps, request);
      const migration = { instanceKey, targetKey: keyOf(targetProcessDefinitionKey), mapping };
      await asCommand(
        'MIGRATE',
        commands.operate(caller, instanceKey, (operations, tx) =>
          operations.migrate(tx, { ...migration, actorId: caller.actorId }),
        ),
      );
      return reply.status(204).send();
    },
  );
  registerSuspension(app, deps);
}

function registerSuspension(app: App, deps: ApiDeps): void {
  const { commands } = deps.runtime;
  for (const [noun, verb, operationId] of [
    ['suspension', 'suspend', 'suspendProcessInstance'],
    ['resumption', 'resume', 'resumeProcessInstance'],
  ] as const) {
    app.post(
      `/process-instances/:processInstanceKey/${noun}`,
      { schema: { tags, operationId, params, body: OperationBody }, config },
      async (request, reply) => {
        const key = keyOf(request.params.processInstanceKey);
        const caller = callerOf(deps, request);
        await asCommand(
          verb.toUpperCase(),
          commands.operate(caller, key, (operations, tx) => operations[verb](tx, key, caller.actorId)),
        );
        return reply.status(204).send();
      },
    );
  }
}

export function modificationOf(body: ModificationBody): Modification {
  const activate = body.activateInstructions ?? [];
  const move = body.moveInstructions ?? [];
  const terminate = body.terminateInstructions ?? [];
  if (activate.length + move.length + terminate.length === 0) {
    throw invalidArgument(
      'At least one of [activateInstructions, moveInstructions, terminateInstructions] is required.',
    );
  }
  return {
    activate: activate.map(({ elementId, variableInstructions, ancestorElementInstanceKey: ancestor }) => ({
      elementId,
      variables: variablesOf(variableInstructions),
      ...(ancestor !== undefined && ancestor !== null && ancestor !== '-1' && { ancestorKey: keyOf(ancestor) }),
    })),
    move: move.map(moveOf),
    terminate: terminate.flatMap(({ elementInstanceKey }) =>
      elementInstanceKey === undefined ? [] : [keyOf(elementInstanceKey)],
    ),
    terminateElementIds: terminate.flatMap((instruction) => {
      if ((instruction.elementId === undefined) === (instruction.elementInstanceKey === undefined)) {
        throw invalidArgument('Exactly one of [elementId, elementInstanceKey] is required to terminate.');
      }
      return instruction.elementId ?? [];
    }),
  };
}

function variablesOf(
  instructions: readonly { readonly variables: unknown; readonly scopeId?: string }[] | null | undefined,
) {
  return (instructions ?? []).map(({ variables, scopeId }) => ({
    variables: variables as Readonly<Record<string, Json>>, // JSON by nature
    ...(scopeId !== undefined && scopeId !== '' && { scopeId }),
  }));
}

type Move = NonNullable<NonNullable<ModificationBody['moveInstructions']>[number]>;

function moveOf(move: Move): NonNullable<Modification['move']>[number] {
  const { sourceElementId, sourceElementInstanceKey } = move.sourceElementInstruction;
  if ((sourceElementId === undefined) === (sourceElementInstanceKey === undefined)) {
    throw invalidArgument('Exactly one of [sourceElementId, sourceElementInstanceKey] is required to move.');
  }
  const source =
    sourceElementInstanceKey === undefined
      ? { elementId: sourceElementId ?? '' }
      : { elementInstanceKey: keyOf(sourceElementInstanceKey) };
  const ancestor = ancestorOf(move.ancestorScopeInstruction ?? null);
  return {
    source,
    targetElementId: move.targetElementId,
    variables: variablesOf(move.variableInstructions),
    ...(ancestor !== null && { ancestor }),
  };
}

function ancestorOf(instruction: NonNullable<Move['ancestorScopeInstruction']> | null) {
  if (instruction === null) return null;
  const { ancestorScopeType: type, ancestorElementInstanceKey: key } = instruction;
  switch (type.toLowerCase()) {
    case 'direct':
      if (key === undefined || key === null) throw invalidArgument('No ancestorElementInstanceKey provided.');
      return { kind: 'direct', key: keyOf(key) } as const;
    case 'inferred':
      return { kind: 'inferred' } as const;
    case 'sourceparent':
      return { kind: 'source-parent' } as const;
    default:
      throw invalidArgument(
        `The value for ancestorScopeType is '${type}' but must be direct, inferred or sourceParent.`,
      );
  }
}
