// Random models × random paths. A model is put together from blocks, a path is a list of choices among everything
// that can happen at each moment, including things that come too late. The harness checks every step: replay equals
// state, invariants hold, a stored and reloaded state decides the same. In the end every instance must be finishable.
//
// A failure prints the seed and the path; `ENGINE_SEED=<seed> npx vitest run test/engine/random-paths` repeats it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command, ElementInstance } from '../../server/engine/index.ts';
import { Run, compile, key } from './harness.ts';
import { block, elementKindsOf, toModel } from './random-model.ts';

const SEED = Number(process.env['ENGINE_SEED'] ?? Date.now() % 2_147_483_647);
const RUNS = Number(process.env['ENGINE_RUNS'] ?? 40);
const MAX_DRAIN_STEPS = 400;

/** What the world may do to one waiting element instance; failing and repairing are part of life. */
function commandsFor(instance: ElementInstance): readonly Command[] {
  const commands: Command[] = [];
  const variables = { result: instance.elementId };
  for (const wait of instance.waits) {
    switch (wait.kind) {
      case 'task':
        commands.push({ type: 'complete-task', taskKey: wait.taskKey, variables });
        break;
      case 'listener':
      case 'job': {
        const { jobKey } = wait;
        const isErrorOnItsWay = instance.waits.some((other) => other.kind === 'error');
        if (isErrorOnItsWay) break;
        if (instance.incidentKey === null) {
          commands.push({ type: 'complete-job', jobKey, variables });
          commands.push({ type: 'fail-job', jobKey, retriesLeft: 0, message: 'broken', retryAt: null });
          commands.push({ type: 'fail-job', jobKey, retriesLeft: 1, message: 'try again', retryAt: null });
          if (wait.kind === 'job')
            commands.push({ type: 'throw-job-error', jobKey, code: 'NO', message: '', variables });
        } else if (wait.retriesLeft === 0) {
          commands.push({ type: 'update-job-retries', jobKey, retries: 2 });
        }
        break;
      }
      case 'timer':
        commands.push({ type: 'fire-timer', timerKey: wait.timerKey });
        break;
      case 'message': {
        const { subscriptionKey } = wait;
        commands.push({ type: 'correlate-message', subscriptionKey, messageKey: key('3'), variables });
        break;
      }
      case 'signal':
        commands.push({ type: 'deliver-signal', subscriptionKey: wait.subscriptionKey, variables });
        break;
      case 'decision': {
        const { decisionKey } = wait;
        commands.push({ type: 'complete-decision', decisionKey, result: 1 });
        commands.push({ type: 'fail-decision', decisionKey, errorType: 'CALLED_DECISION_ERROR', message: 'none' });
        break;
      }
      case 'condition':
        commands.push({ type: 'set-variables', scopeKey: instance.key, variables: { choice: 2 }, local: false });
        break;
      case 'late':
        commands.push({ type: 'fire-timer', timerKey: wait.timerKey });
        break;
      case 'error':
        commands.push({ type: 'reject-error', errorKey: wait.errorKey });
        break;
      case 'call':
        commands.push({ type: 'complete-call', elementInstanceKey: instance.key, variables });
        commands.push({ type: 'fail-call', elementInstanceKey: instance.key, message: 'not deployed' });
    }
  }
  for (const boundary of instance.boundaries) {
    if (boundary.kind === 'timer') {
      commands.push({ type: 'fire-timer', timerKey: boundary.key });
    } else if (boundary.kind === 'message') {
      commands.push({ type: 'correlate-message', subscriptionKey: boundary.key, messageKey: key('4'), variables });
    } else if (boundary.kind === 'signal') {
      commands.push({ type: 'deliver-signal', subscriptionKey: boundary.key, variables });
    } else {
      commands.push({ type: 'set-variables', scopeKey: instance.key, variables: { choice: 2 }, local: false });
    }
  }
  const canResolve = instance.waits.every(
    (wait) => (wait.kind !== 'job' && wait.kind !== 'listener') || wait.retriesLeft > 0,
  );
  if (instance.incidentKey !== null && canResolve) {
    commands.push({ type: 'resolve-incident', incidentKey: instance.incidentKey });
  }
  return commands;
}

function possibleCommands(run: Run): readonly Command[] {
  const instances = Object.values(run.state.elements).sort((a, b) => (BigInt(a.key) < BigInt(b.key) ? -1 : 1));
  return instances.flatMap((instance) => commandsFor(instance));
}

const describeCommand = (command: Command): string => JSON.stringify(command);

/** Plays the choices; whatever was accepted once must be refused when it comes a second time and its wait is gone. */
function play(run: Run, choices: readonly number[], path: string[]): void {
  for (const choice of choices) {
    // First, because a condition that comes true may end what a command is about.
    if (choice % 7 === 0 && run.status === 'active') {
      path.push(`variable choice = ${choice % 3}`);
      run.setVariables({ choice: choice % 3, again: choice % 2 === 0 });
    }
    const commands = possibleCommands(run);
    const command = commands[choice % Math.max(1, commands.length)];
    if (command === undefined) return;
    path.push(describeCommand(command));
    run.give(command);
    if (command.type === 'complete-task' || command.type === 'complete-job' || command.type === 'fire-timer') {
      path.push(`late ${describeCommand(command)}`);
      run.refuse(command);
    }
  }
}

const NO_PROGRESS = new Set<Command['type']>(['fail-job', 'fail-call', 'fail-decision', 'throw-job-error']);
const isProgress = (command: Command): boolean => !NO_PROGRESS.has(command.type);

/** Finishes everything in the plainest way: no failures, no boundary events, no further loop. */
function drain(run: Run, path: string[]): void {
  if (run.status === 'active') run.setVariables({ choice: 0, again: false });
  for (let count = 0; run.status === 'active' && count < MAX_DRAIN_STEPS; count += 1) {
    // Events behind an event-based gateway are the plain way on; others that are armed only come between.
    const boundaryKeys = Object.values(run.state.elements)
      .filter((instance) => run.process.elements[instance.elementId]?.kind !== 'eventBasedGateway')
      .flatMap((instance) => instance.boundaries.map(({ key }) => key));
    const command = possibleCommands(run).find((candidate) => {
      if (candidate.type === 'fire-timer') return !boundaryKeys.includes(candidate.timerKey);
      if (candidate.type === 'correlate-message' || candidate.type === 'deliver-signal') {
        return !boundaryKeys.includes(candidate.subscriptionKey);
      }
      if (candidate.type === 'set-variables') return run.state.elements[candidate.scopeKey]?.waits.length !== 0;
      return isProgress(candidate);
    });
    if (command === undefined) throw new Error(`Nothing can happen any more in ${JSON.stringify(run.state)}`);
    path.push(`drain ${describeCommand(command)}`);
    run.give(command);
  }
}

describe('random models and paths', () => {
  it(`every step keeps its promises and every instance can be finished (seed ${SEED})`, async () => {
    const kinds = new Set<string>();
    const choices = fc.array(fc.nat({ max: 10_000 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(block, choices, fc.boolean(), async (root, picks, isCancelled) => {
        const path: string[] = [];
        const process = await compile(toModel(root));
        elementKindsOf(process).forEach((kind) => kinds.add(kind));
        try {
          // Half of them are called instances, whose uncaught errors go to the caller and come back.
          const parent = picks.length % 2 === 0 ? null : { instanceKey: key('5'), elementInstanceKey: key('6') };
          const run = new Run(process).start({ choice: 1, again: false, items: [1, 2, 3] }, parent);
          play(run, picks, path);
          if (isCancelled && run.status === 'active') run.cancel();
          else drain(run, path);
          expect(run.status).toBe(
            isCancelled && run.eventsOf('instance-terminated').length > 0 ? 'terminated' : 'completed',
          );
        } catch (error) {
          throw new Error(`${path.join('\n')}\n--- failed here --->`, { cause: error });
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(kinds.size, 'the models are worth the trouble').toBeGreaterThan(12);
  });
});
