// One row per command.

import type { Step } from '../step.ts';
import type { Command, Rejection } from '../types.ts';
import { activateAdHocElements } from './activate-ad-hoc-elements.ts';
import { completeCall, failCall } from './call.ts';
import { changeTask } from './change-task.ts';
import { cancelInstance } from './cancel-instance.ts';
import { completeJob } from './complete-job.ts';
import { completeTask } from './complete-task.ts';
import { correlateMessage } from './correlate-message.ts';
import { completeDecision, failDecision } from './decision.ts';
import { deliverSignal } from './deliver-signal.ts';
import { propagateError, propagateEscalation, rejectError, throwJobError } from './errors.ts';
import { failJob } from './fail-job.ts';
import { fireTimer } from './fire-timer.ts';
import type { Handler } from './handler.ts';
import { migrateInstance } from './migrate-instance.ts';
import { modifyInstance } from './modify-instance.ts';
import { resolveIncident } from './resolve-incident.ts';
import { setVariables } from './set-variables.ts';
import { startInstance } from './start-instance.ts';
import { resumeInstance, suspendInstance } from './suspension.ts';
import { updateJobRetries } from './update-job-retries.ts';

const HANDLERS: { readonly [Type in Command['type']]: Handler<Type> } = {
  'start-instance': startInstance,
  'complete-task': completeTask,
  'change-task': changeTask,
  'complete-job': completeJob,
  'fail-job': failJob,
  'update-job-retries': updateJobRetries,
  'fire-timer': fireTimer,
  'correlate-message': correlateMessage,
  'complete-call': completeCall,
  'fail-call': failCall,
  'throw-job-error': throwJobError,
  'propagate-error': propagateError,
  'reject-error': rejectError,
  'propagate-escalation': propagateEscalation,
  'deliver-signal': deliverSignal,
  'complete-decision': completeDecision,
  'fail-decision': failDecision,
  'activate-ad-hoc-elements': activateAdHocElements,
  'modify-instance': modifyInstance,
  'migrate-instance': migrateInstance,
  'suspend-instance': suspendInstance,
  'resume-instance': resumeInstance,
  'set-variables': setVariables,
  'resolve-incident': resolveIncident,
  'cancel-instance': cancelInstance,
};

export function handleCommand(step: Step, command: Command): Rejection | null {
  // The table pairs each type with its own command; TypeScript cannot follow that through an index.
  const handler = HANDLERS[command.type] as (step: Step, command: Command) => Rejection | null;
  return handler(step, command);
}
