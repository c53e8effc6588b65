// Jobs of external workers: take, finish, report a failure or a business error, ask for more time.

import { Type } from 'typebox';
import type { ActivatedJob, Json } from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { signalOf } from '../client-signal.ts';
import { createJobDesk } from '../job-desk.ts';
import { DEFAULT_TENANT, refuseOtherTenants } from '../principal.ts';
import { invalidArgument } from '../problem.ts';
import {
  EnumInput,
  EnumOutput,
  Int,
  Int64,
  KeyParams,
  KeyText,
  Nullable,
  Strict,
  StringMap,
  VariableMap,
  Int64Text,
  numberOf,
} from '../schemas.ts';
import { asCommand, callerOf, keyOf } from './command.ts';
import { registerJobChanges } from './job-changes.ts';
import { JobResultBody, resultOf } from './job-result.ts';

const config = { access: { kind: 'client', scope: 'work' } } as const;
const tags = ['Job'];

const DEFAULT_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 10 * 60_000;
const MAX_JOBS = 10_000;

const ActivatedJobView = Strict({
  type: Type.String(),
  processDefinitionId: Type.String(),
  processDefinitionVersion: Int,
  elementId: Type.String(),
  customHeaders: StringMap,
  worker: Type.String(),
  retries: Int,
  deadline: Int64,
  variables: VariableMap,
  tenantId: Type.String(),
  jobKey: KeyText,
  processInstanceKey: KeyText,
  processDefinitionKey: KeyText,
  elementInstanceKey: KeyText,
  kind: EnumOutput(['BPMN_ELEMENT', 'EXECUTION_LISTENER', 'TASK_LISTENER', 'AD_HOC_SUB_PROCESS']),
  listenerEventType: Type.String(),
  userTask: Nullable(
    Strict({
      action: Type.String(),
      assignee: Nullable(Type.String()),
      candidateGroups: Type.Array(Type.String()),
      candidateUsers: Type.Array(Type.String()),
      changedAttributes: Type.Array(Type.String()),
      dueDate: Nullable(Type.String()),
      followUpDate: Nullable(Type.String()),
      formKey: Nullable(KeyText),
      priority: Nullable(Int),
      userTaskKey: Nullable(KeyText),
    }),
  ),
  tags: Type.Array(Type.String()),
  rootProcessInstanceKey: Nullable(KeyText),
});

const ActivationBody = Strict({
  type: Type.String(),
  worker: Type.Optional(Nullable(Type.String())),
  timeout: Int64Text,
  maxJobsToActivate: Int,
  fetchVariable: Type.Optional(Nullable(Type.Array(Type.String()))),
  requestTimeout: Type.Optional(Nullable(Int64Text)),
  tenantIds: Type.Optional(Nullable(Type.Array(Type.String()))),
  tenantFilter: Type.Optional(EnumInput(['PROVIDED', 'ASSIGNED'])),
});

export function registerJobRoutes(app: App, deps: ApiDeps): void {
  const { commands } = deps.runtime;
  const desk = createJobDesk(commands);
  deps.metrics.setWaiting(desk.waiting);
  app.addHook('preClose', (done) => {
    desk.close();
    done();
  });
  app.post(
    '/jobs/activation',
    {
      schema: {
        tags,
        operationId: 'activateJobs',
        body: ActivationBody,
        response: { 200: Strict({ jobs: Type.Array(ActivatedJobView) }) },
      },
      config,
    },
    async (request, reply) => {
      const { type, worker, timeout, maxJobsToActivate, fetchVariable, requestTimeout, tenantIds } = request.body;
      if (type.trim() === '') throw invalidArgument('No type provided.');
      refuseOtherTenants(tenantIds ?? []);
      const timeoutMs = numberOf(timeout);
      checkPositive('timeout', timeoutMs);
      checkPositive('maxJobsToActivate', maxJobsToActivate);
      const signal = signalOf(reply);
      const jobs = await desk.take({
        caller: callerOf(deps, request),
        request: {
          type,
          worker: worker ?? '',
          timeoutMs,
          limit: Math.min(maxJobsToActivate, MAX_JOBS),
          fetchVariables: fetchVariable ?? [],
        },
        waitMs: waitOf(numberOf(requestTimeout)),
        signal,
      });
      if (signal.aborted && jobs.length > 0) {
        await commands.releaseJobs(jobs);
        return { jobs: [] };
      }
      return { jobs: jobs.map(viewOf) };
    },
  );
  app.post(
    '/jobs/:jobKey/completion',
    {
      schema: { tags, operationId: 'completeJob', params: KeyParams('jobKey'), body: JobResultBody },
      config,
    },
    async (request, reply) => {
      const { variables, result } = request.body;
      const completion = {
        jobKey: keyOf(request.params.jobKey),
        variables: (variables ?? {}) as Readonly<Record<string, Json>>, // JSON by nature
        ...resultOf(result ?? null),
      };
      await asCommand('COMPLETE', commands.completeJob(callerOf(deps, request), completion));
      return reply.status(204).send();
    },
  );
  registerJobChanges(app, deps);
}

function checkPositive(name: string, value: number): void {
  if (value < 1) throw invalidArgument(`The value for ${name} is '${value}' but must be greater than 0.`);
}

/** Absent or 0: the server's own time; below 0: no waiting. */
const waitOf = (requestTimeout: number): number =>
  requestTimeout < 0 ? 0 : requestTimeout === 0 ? DEFAULT_WAIT_MS : Math.min(requestTimeout, LONGEST_WAIT_MS);

function viewOf(job: ActivatedJob) {
  const { instance, task } = job;
  return {
    type: job.type,
    processDefinitionId: instance.processId,
    processDefinitionVersion: instance.version,
    elementId: job.elementId,
    customHeaders: job.headers,
    worker: job.worker,
    retries: job.retries,
    deadline: job.deadlineMs,
    variables: job.variables,
    tenantId: DEFAULT_TENANT,
    jobKey: job.key,
    processInstanceKey: job.instanceKey,
    processDefinitionKey: instance.definitionKey,
    elementInstanceKey: job.elementInstanceKey,
    kind: job.kind,
    listenerEventType: job.listenerMoment === null ? 'UNSPECIFIED' : job.listenerMoment.toUpperCase(),
    userTask:
      task === null
        ? null
        : {
            action: ACTION_OF_MOMENT[job.listenerMoment ?? ''] ?? '',
            assignee: task.assignee,
            candidateGroups: [...task.candidateGroups],
            candidateUsers: [...task.candidateUsers],
            changedAttributes: [],
            dueDate: task.dueAt,
            followUpDate: task.followUpAt,
            formKey: task.formKey,
            priority: task.priority,
            userTaskKey: task.key,
          },
    tags: [...instance.tags],
    rootProcessInstanceKey: instance.rootKey,
  };
}

const ACTION_OF_MOMENT: Readonly<Record<string, string>> = {
  creating: 'create',
  assigning: 'assign',
  updating: 'update',
  completing: 'complete',
  canceling: 'cancel',
};
