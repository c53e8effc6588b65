// What throwing events (intermediate and end) share: every definition is thrown, in the order of the file. A message
// is a job, because only a worker can send it; compensation is waited for; the others take no time.

import type { Result } from '../../../shared/result.ts';
import { ok } from '../../../shared/result.ts';
import { extractText } from '../../expressions/extract.ts';
import type { Failure } from '../../expressions/extract.ts';
import type { SourceElement } from '../../model/source.ts';
import type { EngineEvent, FlowElement, Trigger, TriggerKind, ValueSource } from '../../types.ts';
import type { Activation, ActivationInput, Effect, ElementFacet } from '../element-definition.ts';
import { offerJob, readHeaders, readJob } from '../tasks/job.ts';
import { readThrownTriggers } from './catching.ts';

export const readThrow = (source: SourceElement): ElementFacet => ({
  triggers: readThrownTriggers(source),
  job: readJob(source),
  headers: readHeaders(source),
});

/** Those after which the element instance goes on by itself. */
const TAKES_NO_TIME: ReadonlySet<TriggerKind> = new Set(['signal', 'escalation', 'link']);

export const isThrownAtOnce = (element: FlowElement): boolean =>
  element.triggers.every((trigger) => TAKES_NO_TIME.has(trigger.kind) || trigger.kind === 'terminate');

export function throwAll(input: ActivationInput): Result<Activation, Failure> {
  const opens: EngineEvent[] = [];
  const effects: Effect[] = [];
  for (const trigger of input.element.triggers) {
    const thrown = throwOne(input, trigger);
    if (!thrown.ok) return thrown;
    opens.push(...thrown.value.opens);
    effects.push(...thrown.value.effects);
  }
  const isDone = input.element.triggers.every((trigger) => TAKES_NO_TIME.has(trigger.kind));
  return ok({ opens, effects, isDone, result: {} });
}

type Thrown = Pick<Activation, 'opens' | 'effects'>;

const effect = (value: Effect): Result<Thrown, Failure> => ok({ opens: [], effects: [value] });

function throwOne(input: ActivationInput, trigger: Trigger): Result<Thrown, Failure> {
  switch (trigger.kind) {
    case 'message':
      return input.element.job === null ? ok({ opens: [], effects: [] }) : offerJob(input, input.element.job);
    case 'signal':
      return throwSignal(input, trigger);
    case 'error': {
      const code = textOf(input, trigger.code);
      return code.ok ? effect({ kind: 'throw-error', code: code.value }) : code;
    }
    case 'escalation': {
      const code = textOf(input, trigger.code);
      return code.ok ? effect({ kind: 'throw-escalation', code: code.value }) : code;
    }
    case 'compensation':
      return effect({ kind: 'compensate', activityId: trigger.activityId });
    case 'cancel':
      return effect({ kind: 'cancel-transaction' });
    case 'terminate':
      return effect({ kind: 'terminate-scope' });
    default:
      return ok({ opens: [], effects: [] });
  }
}

const textOf = ({ context }: ActivationInput, code: ValueSource | null): Result<string, Failure> =>
  code === null ? ok('') : extractText(code, context);

/** A signal carries the results of the event's input mappings, nothing else. */
function throwSignal(
  { element, key, context, locals }: ActivationInput,
  trigger: Extract<Trigger, { kind: 'signal' }>,
): Result<Thrown, Failure> {
  const signalName = extractText(trigger.name, context);
  if (!signalName.ok) return signalName;
  const thrown = { type: 'signal-thrown', elementInstanceKey: key, elementId: element.id } as const;
  return ok({ opens: [{ ...thrown, signalName: signalName.value, variables: locals }], effects: [] });
}
