// Drives a conformance case (JSON + BPMN, see the README of the cases) against the pure core in memory. What a case asks
// of the REST interface only is reported as such; everything else must hold here too, without a server.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { visibleVariables } from '../../server/engine/index.ts';
import type { Json, Variables } from '../../server/engine/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import { instantOf } from '../../server/shared/time.ts';
import {
  Failed,
  KINDS_OF_STATUS,
  NeedsServer,
  changesOf,
  durationMs,
  fail,
  isSubset,
  resultOf,
} from './conformance-case.ts';
import type { CaseData } from './conformance-case.ts';
import { Refused, World } from './world.ts';
import type { WorldInstance, WorldJob } from './world-rows.ts';

type Loose = CaseData;

export async function runCase(file: string): Promise<void> {
  const driver = new Driver(dirname(file), JSON.parse(readFileSync(file, 'utf8')) as Loose);
  await driver.run();
}

class Driver {
  private readonly world = new World();
  private readonly saved: Record<string, Record<string, Key>> = {
    pi: {},
    ei: {},
    job: {},
    task: {},
    saved: {},
    inc: {},
  };
  private readonly batches: Record<string, readonly WorldJob[]> = {};
  private readonly folder: string;
  private readonly spec: Loose;

  constructor(folder: string, spec: Loose) {
    this.folder = folder;
    this.spec = spec;
  }

  async run(): Promise<void> {
    const { files = [], drive, expect: expected = {} } = this.spec as Loose;
    if (files.length > 0) await this.step({ op: 'deploy', files });
    for (const [index, step] of drive.entries()) {
      try {
        await this.step(this.fill(step));
      } catch (error) {
        if (error instanceof NeedsServer) throw error;
        const message = error instanceof Error ? error.message : String(error);
        throw new Failed(`step ${Number(index) + 1} ${String(step.op)}: ${message}`, { cause: error });
      }
    }
    for (const [alias, is] of Object.entries(expected)) this.check(alias, this.fill(is));
  }

  private fill(value: Loose): Loose {
    if (typeof value === 'string') {
      return value.replace(/\$\{(\w+)\.([^}]+)\}/g, (_, kind: string, name: string) => this.saved[kind]?.[name] ?? '?');
    }
    if (Array.isArray(value)) return value.map((item) => this.fill(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.fill(item)]));
  }

  private instance(alias: string | undefined): WorldInstance {
    return this.world.getInstance(this.saved['pi']?.[alias ?? 'pi'] ?? fail(`no instance '${String(alias)}'`));
  }

  private save(kind: string, name: string, value: Key): void {
    (this.saved[kind] ??= {})[name] = value;
  }

  /** Runs what the step asks for; a step may want to be refused. */
  private attempt(step: Loose, work: () => void): void {
    const wantsRefusal = Array.isArray(step.expectStatus) ? false : (step.expectStatus ?? 200) >= 400;
    try {
      work();
    } catch (error) {
      if (wantsRefusal) return;
      throw error;
    }
    if (wantsRefusal) fail(`was accepted, want HTTP ${String(step.expectStatus)}`);
  }

  private async step(step: Loose): Promise<void> {
    switch (step.op) {
      case 'deploy':
        return this.deploy(step);
      case 'start':
        for (let count = 0; count < (step.n ?? 1); count += 1) this.start(step);
        return;
      case 'job':
        if (step.timeout !== undefined) throw new NeedsServer('leases of workers are kept by the runtime');
        for (let count = 0; count < (step.n ?? 1); count += 1) this.workOn(this.takeJobs(step.type, 1)[0], step);
        return;
      case 'noJob':
        if (this.openJobs(step.type).length > 0) fail(`a job of type ${String(step.type)} is available`);
        return;
      case 'activate': {
        const jobs = this.takeJobs(step.type, step.count);
        if (this.openJobs(step.type).length > 0) fail('there are more jobs');
        this.batches[step.as] = jobs;
        for (const [index, job] of jobs.entries()) this.save('job', `${String(step.as)}${index}`, job.key);
        return;
      }
      case 'jobOf': {
        const jobs = this.batches[step.from] ?? [];
        const job =
          step.match === undefined
            ? jobs[step.index ?? 0]
            : jobs.find((candidate) => isSubset(step.match, this.variablesOf(candidate)));
        this.workOn(job, step);
        return;
      }
      case 'await':
      case 'check':
        this.check(step.pi, { only: step.op === 'check' ? undefined : false, ...step.is });
        return;
      case 'settle':
        return;
      default:
        this.act(step);
    }
  }

  private act(step: Loose): void {
    switch (step.op) {
      case 'task':
        this.workOnTask(step);
        return;
      case 'publish':
        this.world.publish(step.name, step.key ?? '', step.variables ?? {}, step.ttl ?? 0);
        return;
      case 'correlate': {
        const taken = this.world.publish(step.name, step.key ?? '', step.variables ?? {}, 0);
        if ((taken === null) !== (step.expectStatus ?? 200) >= 400) fail(`taken by ${String(taken)}`);
        if (taken !== null && step.as !== undefined) this.save('pi', step.as, taken);
        return;
      }
      case 'signal':
        this.world.broadcast(step.name, step.variables ?? {});
        return;
      case 'clock': {
        const at = step.to === undefined ? Date.parse(this.world.now) + durationMs(step.advance) : Date.parse(step.to);
        this.world.moveTo(instantOf(new Date(at)));
        return;
      }
      case 'resolve':
      case 'incident':
      case 'patchJob':
        this.repair(step);
        return;
      case 'setVars': {
        const { key: instanceKey } = this.instance(step.pi);
        const scopeKey = step.element === undefined ? instanceKey : this.element(step.element, step.pi);
        const command = { variables: step.variables, local: step.local ?? false } as const;
        this.attempt(step, () => {
          this.world.give(instanceKey, { type: 'set-variables', scopeKey, ...command });
        });
        return;
      }
      case 'element':
        this.save('ei', step.as, this.element(step.elementId, step.pi));
        return;
      case 'cancel':
        this.attempt(step, () => {
          const { key, state } = this.instance(step.pi);
          if (state.parent !== null) throw new Refused({ code: 'INSTANCE_NOT_ACTIVE', message: 'called by another' });
          this.world.give(key, { type: 'cancel-instance' });
        });
        return;
      default:
        this.actOnInstances(step);
    }
  }

  private actOnInstances(step: Loose): void {
    switch (step.op) {
      case 'modify':
        this.attempt(step, () => {
          this.modify(step);
        });
        return;
      case 'migrate': {
        const target = this.world.byKey.get(step.target) ?? fail('no such target');
        const mapping = Object.entries(step.map as Record<string, string>).map(([from, to]) => ({
          sourceElementId: from,
          targetElementId: to,
        }));
        const { key: targetKey, process } = target;
        const { key, deployed } = this.instance(step.pi);
        this.attempt(step, () => {
          const sourceKey = deployed.key;
          this.world.give(key, { type: 'migrate-instance', target: process, targetKey, sourceKey, mapping });
        });
        return;
      }
      case 'child': {
        const { key } = this.instance(step.of);
        const children = [...this.world.instances.values()].filter(({ state }) => state.parent?.instanceKey === key);
        this.save('pi', step.as ?? 'child', children[step.index ?? 0]?.key ?? fail('no child'));
        return;
      }
      case 'instances': {
        const found = [...this.world.instances.values()].filter(
          ({ state }) =>
            state.processId === step.processId &&
            (step.state === undefined || KINDS_OF_STATUS[state.status] === step.state),
        );
        if (found.length !== step.count) fail(`${found.length} instances, want ${String(step.count)}`);
        const chosen = found[step.index ?? 0];
        if (step.as !== undefined && chosen !== undefined) this.save('pi', step.as, chosen.key);
        return;
      }
      default:
        throw new NeedsServer(`'${String(step.op)}' is a matter of the interface`);
    }
  }

  private async deploy(step: Loose): Promise<void> {
    const wantsRefusal = (step.expectStatus ?? 200) >= 400;
    const isDecision = (entry: Loose): boolean => String(entry.file ?? entry.as ?? entry).endsWith('.dmn');
    if (step.files.some(isDecision)) throw new NeedsServer('decisions are evaluated by the runtime');
    const files: string[] = [];
    for (const entry of step.files) {
      const name: string = typeof entry === 'string' ? entry : (entry.file ?? entry.as);
      const content: string = entry.content ?? readFileSync(join(this.folder, name), 'utf8');
      if (name.endsWith('.form')) this.world.forms.set((JSON.parse(content) as Loose).id, this.world.nextKey());
      else files.push(content);
    }
    try {
      for (const deployed of await this.world.deploy(files)) {
        if (step.as !== undefined) this.save('saved', step.as, deployed.key);
      }
    } catch (error) {
      if (wantsRefusal) return;
      throw error;
    }
    if (wantsRefusal) fail('was accepted');
  }

  private start(step: Loose): void {
    this.attempt(step, () => {
      const ids = ((step.startInstructions ?? []) as readonly { readonly elementId: string }[]).map((i) => i.elementId);
      const key = this.world.start(this.world.getLatest(step.processId), {
        variables: step.variables ?? {},
        ...(ids.length > 0 ? { activateElementIds: ids } : {}),
      });
      this.save('pi', step.as ?? 'pi', key);
      this.world.settle();
      this.world.fireDue();
    });
  }

  private openJobs = (type: string): readonly WorldJob[] =>
    [...this.world.jobs.values()].filter((job) => job.type === type && job.status === 'open');

  private takeJobs(type: string, count: number): readonly WorldJob[] {
    const jobs = this.openJobs(type).slice(0, count);
    if (jobs.length < count) fail(`${jobs.length} jobs of type ${type}, want ${count}`);
    for (const job of jobs) job.status = 'taken';
    return jobs;
  }

  private variablesOf = (job: WorldJob): Variables =>
    visibleVariables(this.world.getInstance(job.instanceKey).state, job.elementInstanceKey);

  private workOn(job: WorldJob | undefined, step: Loose): void {
    if (job === undefined) return fail('no such job');
    const seen = this.variablesOf(job);
    if (step.as !== undefined) this.save('job', step.as, job.key);
    if (step.expectVars && !isSubset(step.expectVars, seen)) fail(`variables ${JSON.stringify(seen)}`);
    if (step.expectExactVars && !isDeepStrictEqual(step.expectExactVars, seen))
      fail(`variables ${JSON.stringify(seen)}`);
    if (step.expectHeaders && !isSubset(step.expectHeaders, job.headers))
      fail(`headers ${JSON.stringify(job.headers)}`);
    const { kind, elementId, retries } = step.expectJob ?? {};
    const known = Object.fromEntries(Object.entries({ kind, elementId, retries }).filter(([, v]) => v !== undefined));
    if (!isSubset(known, job)) fail(`job ${JSON.stringify(job)}`);
    const jobKey = job.key;
    const variables = this.resultOf(step, seen);
    this.attempt(step, () => {
      this.answerJob(job, step, { jobKey, variables });
    });
  }

  private answerJob(job: WorldJob, step: Loose, on: { readonly jobKey: Key; readonly variables: Variables }): void {
    const { instanceKey } = job;
    switch (step.do) {
      case 'none':
        return;
      case 'fail':
        this.world.give(instanceKey, {
          type: 'fail-job',
          jobKey: on.jobKey,
          retriesLeft: step.retries ?? 0,
          message: step.errorMessage ?? 'failed by case',
          retryAt: null,
          variables: step.variables ?? {},
        });
        return;
      case 'error': {
        const message = step.message ?? 'thrown by case';
        this.world.give(instanceKey, { type: 'throw-job-error', ...on, code: step.code, message });
        return;
      }
      default:
        this.world.give(instanceKey, { type: 'complete-job', ...on, ...resultOf(step.result) });
    }
  }

  private resultOf(step: Loose, seen: Variables): Variables {
    const result: Record<string, Json> = { ...step.variables };
    for (const [name, [how, from, by]] of Object.entries<Loose>(step.variablesFrom ?? {})) {
      const value: Loose = seen[from];
      result[name] = how === 'var' ? value : how === 'mul' ? value * by : value + by;
    }
    return result;
  }

  private workOnTask(step: Loose): void {
    const { key: instanceKey } = this.instance(step.pi);
    const state = step.state === null ? undefined : (step.state ?? 'CREATED');
    const task =
      step.use === undefined
        ? [...this.world.tasks.values()].filter(
            (candidate) =>
              candidate.instanceKey === instanceKey &&
              (step.elementId === undefined || candidate.elementId === step.elementId) &&
              (state === undefined || candidate.state === state),
          )[step.index ?? 0]
        : this.world.tasks.get(this.saved['task']?.[step.use] ?? fail('no such task'));
    if (task === undefined) return fail(`no task '${String(step.elementId)}'`);
    if (step.as !== undefined) this.save('task', step.as, task.key);
    const { assignee, priority, elementId, state: wanted } = step.expect ?? {};
    const checks: Record<string, unknown> = { assignee, priority };
    for (const [name, value] of Object.entries(checks)) {
      if (value !== undefined && task.attributes[name] !== value) fail(`${name} is ${String(task.attributes[name])}`);
    }
    if (elementId !== undefined && task.elementId !== elementId) fail(`element is ${task.elementId}`);
    if (wanted !== undefined && task.state !== wanted) fail(`state is ${task.state}`);
    this.attempt(step, () => {
      this.changeTask(task.instanceKey, task.key, step);
    });
  }

  private changeTask(instanceKey: Key, taskKey: Key, step: Loose): void {
    switch (step.do) {
      case 'complete':
        this.world.give(instanceKey, { type: 'complete-task', taskKey, variables: step.variables ?? {} });
        return;
      case 'assign':
        this.world.give(instanceKey, {
          type: 'change-task',
          on: 'assigning',
          taskKey,
          corrections: { assignee: step.assignee },
        });
        return;
      case 'unassign':
        this.world.give(instanceKey, {
          type: 'change-task',
          on: 'assigning',
          taskKey,
          corrections: { assignee: null },
        });
        return;
      case 'update':
        this.world.give(instanceKey, {
          type: 'change-task',
          on: 'updating',
          taskKey,
          corrections: changesOf(step.changeset),
        });
        return;
      default:
    }
  }

  private repair(step: Loose): void {
    if (step.op === 'patchJob') {
      const job = this.world.jobs.get(step.job) ?? fail('no such job');
      const { retries } = step.changeset;
      this.world.give(job.instanceKey, { type: 'update-job-retries', jobKey: job.key, retries });
      return;
    }
    const { key: instanceKey } = this.instance(step.pi);
    const found = [...this.world.incidents.values()].find(
      (incident) =>
        incident.instanceKey === instanceKey &&
        incident.isOpen &&
        (step.errorType === undefined || incident.errorType === step.errorType) &&
        (step.elementId === undefined || incident.elementId === step.elementId),
    );
    if (found === undefined) return fail('no such incident');
    this.save('inc', step.as ?? 'last', found.key);
    if (found.jobKey !== null) this.save('job', step.jobAs ?? 'incident', found.jobKey);
    if (step.messageContains && !found.message.includes(step.messageContains)) fail(`message '${found.message}'`);
    if (step.op === 'incident') return;
    this.attempt(step, () => {
      this.world.give(instanceKey, { type: 'resolve-incident', incidentKey: found.key });
    });
  }

  private element(elementId: string, alias: string | undefined): Key {
    const { elements } = this.instance(alias);
    const found = [...elements.values()].find((e) => e.elementId === elementId && e.state === 'ACTIVE' && !e.isBody);
    return found?.key ?? fail(`'${elementId}' is not active`);
  }

  private modify(step: Loose): void {
    const activate = (step.activate ?? []).map((instruction: Loose) => ({
      elementId: instruction.elementId,
      ...(instruction.ancestor === undefined ? {} : { ancestorKey: instruction.ancestor }),
      ...(instruction.variables === undefined
        ? {}
        : { variables: [{ variables: instruction.variables, scopeId: instruction.scopeId }] }),
    }));
    const terminate = (step.terminate ?? []).map((elementId: string) => this.element(elementId, step.pi));
    this.world.give(this.instance(step.pi).key, { type: 'modify-instance', activate, terminate });
  }

  // ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────

  private check(alias: string | undefined, is: Loose): void {
    const instance = this.instance(alias);
    const state = KINDS_OF_STATUS[instance.state.status];
    if (is.state !== undefined && is.state !== state)
      fail(`[${String(alias)}] state ${String(state)}, want ${is.state}`);
    this.checkElements(instance, is);
    this.checkVariables(instance, is);
    const open = [...this.world.incidents.values()].filter((i) => i.instanceKey === instance.key && i.isOpen);
    const wanted = (is.incidents ?? []).filter((incident: Loose) => (incident.state ?? 'ACTIVE') === 'ACTIVE');
    if (is.incidents !== undefined && open.length !== wanted.length) {
      fail(`[${String(alias)}] incidents ${JSON.stringify(open)}, want ${JSON.stringify(wanted)}`);
    }
    for (const { errorType, elementId } of wanted) {
      const isThere = open.some((i) => i.errorType === errorType && (elementId ?? i.elementId) === i.elementId);
      if (errorType !== undefined && !isThere) fail(`no incident ${String(errorType)} in ${JSON.stringify(open)}`);
    }
    for (const flowId of is.flows?.taken ?? [])
      if (!instance.flows.has(flowId)) fail(`flow ${String(flowId)} not taken`);
    for (const flowId of is.flows?.notTaken ?? []) if (instance.flows.has(flowId)) fail(`flow ${String(flowId)} taken`);
  }

  private checkElements(instance: WorldInstance, is: Loose): void {
    if (!is.visited && !is.active && !is.terminated) return;
    const got: Record<string, Record<string, number>> = { COMPLETED: {}, ACTIVE: {}, TERMINATED: {} };
    for (const { elementId, isBody, state } of instance.elements.values()) {
      const counts = got[state] ?? {};
      const id = elementId + (isBody ? '#body' : '');
      counts[id] = (counts[id] ?? 0) + 1;
    }
    const pairs = [
      ['visited', 'COMPLETED'],
      ['active', 'ACTIVE'],
      ['terminated', 'TERMINATED'],
    ] as const;
    for (const [name, state] of pairs) {
      const want: Record<string, number> | undefined = is[name] ?? (is.only === false ? undefined : {});
      if (want === undefined) continue;
      const counts = got[state] ?? {};
      const ids = is.only === false ? Object.keys(want) : [...new Set([...Object.keys(want), ...Object.keys(counts)])];
      for (const id of ids) {
        const [expected, actual] = [want[id] ?? 0, counts[id] ?? 0];
        if (expected !== actual) fail(`${name} '${id}' ${actual}x, want ${expected}x (has ${JSON.stringify(got)})`);
      }
    }
  }

  private checkVariables(instance: WorldInstance, is: Loose): void {
    const root = instance.variables.get(instance.key) ?? {};
    for (const [name, value] of Object.entries(is.variables ?? {})) {
      if (!isDeepStrictEqual(root[name], value)) fail(`variable ${name} is ${JSON.stringify(root[name])}`);
    }
    for (const name of is.absent ?? []) if (name in root) fail(`variable ${String(name)} must not be there`);
    const inScope = (place: Loose): readonly unknown[] =>
      [...instance.elements.values()]
        .filter((e) => e.elementId === place.elementId && e.isBody === (place.type === 'MULTI_INSTANCE_BODY'))
        .flatMap((e) => {
          const locals = instance.variables.get(e.key) ?? {};
          return place.name in locals ? [locals[place.name]] : [];
        });
    for (const place of is.locals ?? []) {
      const found = inScope(place);
      if (!found.some((value) => isDeepStrictEqual(value, place.value))) {
        fail(`local ${JSON.stringify(place)} is ${JSON.stringify(found)}`);
      }
    }
    for (const place of is.localsAbsent ?? []) {
      if (inScope(place).length > 0) fail(`local ${JSON.stringify(place)} must not be there`);
    }
  }
}
