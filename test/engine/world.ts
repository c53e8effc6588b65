// A runtime in memory: several processes and instances, calls between them, messages, signals, timers and workers, all
// with the pure core and nothing else. It is to the conformance cases what server/runtime is to an installation, and
// small enough to be read beside them.

import { compileDefinitions, decide, nextStartTimer, resolveStarts } from '../../server/engine/index.ts';
import type {
  Command,
  EngineEvent,
  ExecutableProcess,
  Json,
  Rejection,
  ResolvedStart,
  Variables,
} from '../../server/engine/index.ts';
import type { Key } from '../../server/shared/ids.ts';
import type { Instant } from '../../server/shared/time.ts';
import { instant, key } from './harness.ts';
import type {
  Deployed,
  Message,
  Subscription,
  Timer,
  WorldIncident,
  WorldInstance,
  WorldJob,
  WorldTask,
} from './world-rows.ts';

export class World {
  now: Instant = instant('2026-03-02T08:00:00+07:00');
  readonly latest = new Map<string, Deployed>();
  readonly byKey = new Map<Key, Deployed>();
  readonly instances = new Map<Key, WorldInstance>();
  readonly jobs = new Map<Key, WorldJob>();
  readonly tasks = new Map<Key, WorldTask>();
  readonly incidents = new Map<Key, WorldIncident>();
  /** Form id → key of its latest version. */
  readonly forms = new Map<string, Key>();
  private readonly subscriptions = new Map<Key, Subscription>();
  private readonly starts = new Map<string, readonly ResolvedStart[]>();
  private readonly timers = new Map<Key, Timer>();
  private messages: Message[] = [];
  private readonly later: (() => void)[] = [];
  private last = 2_251_799_813_685_000n;

  nextKey = (): Key => {
    this.last += 1n;
    return key(String(this.last));
  };

  // ── Deploying and starting ───────────────────────────────────────────────────────────────────────────────

  /** All files or none. */
  async deploy(files: readonly string[]): Promise<readonly Deployed[]> {
    const processes: ExecutableProcess[] = [];
    for (const xml of files) {
      const compiled = await compileDefinitions(xml);
      if (!compiled.ok) throw new Error(`refused: ${JSON.stringify(compiled.error)}`);
      processes.push(...compiled.value);
    }
    return processes.map((process) => this.add(process));
  }

  private add(process: ExecutableProcess): Deployed {
    const { processId } = process;
    const deployed = { key: this.nextKey(), version: (this.latest.get(processId)?.version ?? 0) + 1, process };
    const starts = resolveStarts(process, { now: this.now });
    if (!starts.ok) throw new Error(`refused: ${starts.error.message}`);
    this.latest.set(processId, deployed);
    this.byKey.set(deployed.key, deployed);
    this.starts.set(processId, starts.value);
    for (const timer of [...this.timers.values()]) {
      if (timer.start?.deployed.process.processId === processId) this.timers.delete(timer.key);
    }
    for (const start of starts.value) if (start.kind === 'timer') this.addStartTimer(deployed, start);
    this.settle();
    return deployed;
  }

  private addStartTimer(deployed: Deployed, resolved: ResolvedStart & { readonly kind: 'timer' }): void {
    const timerKey = this.nextKey();
    this.timers.set(timerKey, {
      key: timerKey,
      instanceKey: null,
      dueAt: resolved.dueAt,
      start: { deployed, resolved },
    });
  }

  getLatest(processId: string): Deployed {
    const deployed = this.latest.get(processId);
    if (deployed === undefined) throw new Error(`no process ${processId}`);
    return deployed;
  }

  start(deployed: Deployed, command: Partial<Extract<Command, { type: 'start-instance' }>>, correlation = ''): Key {
    const instanceKey = command.instanceKey ?? this.nextKey();
    const start: Command = { type: 'start-instance', variables: {}, parent: null, ...command, instanceKey };
    const decision = decide(deployed.process, null, start, this.context());
    if (!decision.ok) throw new Refused(decision.error);
    const { state, events } = decision.value;
    const startCorrelation = correlation === '' ? null : correlation;
    const fresh = { key: instanceKey, deployed, state, startCorrelation };
    const instance = { ...fresh, elements: new Map(), variables: new Map(), flows: new Set<string>() };
    this.instances.set(instanceKey, instance);
    for (const event of events) this.project(instance, event);
    return instanceKey;
  }

  private context() {
    return { now: this.now, nextKey: this.nextKey, findForm: (formId: string) => this.forms.get(formId) ?? null };
  }

  getInstance(instanceKey: Key): WorldInstance {
    const instance = this.instances.get(instanceKey);
    if (instance === undefined) throw new Error(`no instance ${instanceKey}`);
    return instance;
  }

  /** Gives a command and everything that follows from it in other instances. */
  give(instanceKey: Key, command: Command): void {
    const instance = this.getInstance(instanceKey);
    const decision = decide(instance.deployed.process, instance.state, command, this.context());
    if (!decision.ok) throw new Refused(decision.error);
    instance.state = decision.value.state;
    for (const event of decision.value.events) this.project(instance, event);
    this.settle();
  }

  private giveIfPossible(instanceKey: Key, command: Command): void {
    try {
      this.give(instanceKey, command);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }

  settle(): void {
    for (let next = this.later.shift(); next !== undefined; next = this.later.shift()) next();
  }

  // ── Events into rows ─────────────────────────────────────────────────────────────────────────────────────

  private project(instance: WorldInstance, event: EngineEvent): void {
    this.projectElement(instance, event);
    this.projectWork(instance, event);
    this.projectWaiting(instance, event);
    this.projectBeyond(instance, event);
  }

  private projectElement(instance: WorldInstance, event: EngineEvent): void {
    switch (event.type) {
      case 'element-activating': {
        const { key: elementKey, elementId } = event;
        instance.elements.set(elementKey, { key: elementKey, elementId, isBody: event.body !== null, state: 'ACTIVE' });
        return;
      }
      case 'element-completed':
      case 'element-terminated': {
        const trace = instance.elements.get(event.key);
        if (trace !== undefined) trace.state = event.type === 'element-completed' ? 'COMPLETED' : 'TERMINATED';
        return;
      }
      case 'flow-taken':
        instance.flows.add(event.flowId);
        return;
      case 'variables-set':
        instance.variables.set(event.scopeKey, { ...instance.variables.get(event.scopeKey), ...event.variables });
        return;
      case 'instance-migrated': {
        instance.deployed = this.byKey.get(event.targetKey) ?? instance.deployed;
        const named = [...instance.elements.values(), ...this.tasks.values(), ...this.incidents.values()];
        for (const row of named) {
          const isOpen = 'state' in row ? row.state === 'ACTIVE' || row.state === 'CREATED' : row.isOpen;
          const isOurs = !('instanceKey' in row) || row.instanceKey === instance.key;
          if (isOpen && isOurs) row.elementId = event.elements[row.elementId] ?? row.elementId;
        }
        return;
      }
      default:
    }
  }

  private projectWork(instance: WorldInstance, event: EngineEvent): void {
    switch (event.type) {
      case 'job-created': {
        const { jobKey, jobType: type, headers, retries, elementId, elementInstanceKey } = event;
        const listens = event.listener?.on;
        const isOfElement = listens === 'start' || listens === 'end';
        const kind = listens === undefined ? 'BPMN_ELEMENT' : isOfElement ? 'EXECUTION_LISTENER' : 'TASK_LISTENER';
        const where = { instanceKey: instance.key, elementInstanceKey, elementId };
        this.jobs.set(jobKey, { key: jobKey, ...where, type, headers, retries, kind, status: 'open' });
        return;
      }
      case 'job-completed':
      case 'job-cancelled':
        this.changeJob(event.jobKey, { status: 'ended' });
        return;
      case 'job-failed':
        this.changeJob(event.jobKey, { retries: event.retriesLeft, status: event.retriesLeft > 0 ? 'open' : 'failed' });
        return;
      case 'job-retries-updated':
        this.changeJob(event.jobKey, { retries: event.retries });
        return;
      case 'job-reopened':
        this.changeJob(event.jobKey, { status: 'open' });
        return;
      case 'task-created': {
        const { taskKey, elementInstanceKey, elementId, type: _type, ...attributes } = event;
        const state = event.isCreating === true ? 'CREATING' : 'CREATED';
        const row = { key: taskKey, instanceKey: instance.key, elementInstanceKey, elementId, state } as const;
        this.tasks.set(taskKey, { ...row, attributes: JSON.parse(JSON.stringify(attributes)) as Record<string, Json> });
        return;
      }
      default:
        this.projectTask(event);
    }
  }

  private changeJob(jobKey: Key, change: Partial<Pick<WorldJob, 'retries' | 'status'>>): void {
    Object.assign(this.jobs.get(jobKey) ?? {}, change);
  }

  private projectTask(event: EngineEvent): void {
    const task = 'taskKey' in event ? this.tasks.get(event.taskKey) : undefined;
    if (task === undefined) return;
    switch (event.type) {
      case 'task-changing':
        task.state = event.on === 'assigning' ? 'ASSIGNING' : 'UPDATING';
        return;
      case 'task-opened':
      case 'task-changed':
      case 'task-change-denied':
      case 'task-completion-denied':
        task.state = 'CREATED';
        return;
      case 'task-corrected':
        Object.assign(task.attributes, event.corrections);
        return;
      case 'task-completing':
        task.state = 'COMPLETING';
        return;
      case 'task-completed':
        task.state = 'COMPLETED';
        return;
      case 'task-cancelled':
        task.state = 'CANCELED';
        return;
      default:
    }
  }

  private projectWaiting(instance: WorldInstance, event: EngineEvent): void {
    switch (event.type) {
      case 'timer-scheduled':
        this.timers.set(event.timerKey, {
          key: event.timerKey,
          instanceKey: instance.key,
          dueAt: event.dueAt,
          start: null,
        });
        return;
      case 'timer-fired':
      case 'timer-cancelled':
        this.timers.delete(event.timerKey);
        return;
      case 'message-subscribed':
        this.subscribe(instance, event.subscriptionKey, event.messageName, event.correlationKey);
        return;
      case 'signal-subscribed':
        this.subscribe(instance, event.subscriptionKey, event.signalName, null);
        return;
      case 'message-correlated':
        this.later.push(() => {
          this.matchBuffered(event.subscriptionKey);
        });
        return;
      case 'subscription-closed':
        this.subscriptions.delete(event.subscriptionKey);
        return;
      case 'incident-raised': {
        const { incidentKey, elementId, errorType, message, jobKey } = event;
        const row = { key: incidentKey, instanceKey: instance.key, elementId, errorType, message, jobKey };
        this.incidents.set(incidentKey, { ...row, isOpen: true });
        if (jobKey !== null) this.changeJob(jobKey, { status: 'failed' });
        return;
      }
      case 'incident-resolved': {
        const incident = this.incidents.get(event.incidentKey);
        if (incident !== undefined) incident.isOpen = false;
        return;
      }
      default:
    }
  }

  private subscribe(instance: WorldInstance, subscriptionKey: Key, name: string, correlationKey: string | null): void {
    this.subscriptions.set(subscriptionKey, { key: subscriptionKey, instanceKey: instance.key, name, correlationKey });
    if (correlationKey === null) return;
    this.later.push(() => {
      this.matchBuffered(subscriptionKey);
    });
  }

  private projectBeyond(instance: WorldInstance, event: EngineEvent): void {
    const { parent } = instance.state;
    const toParent = (command: (elementInstanceKey: Key) => Command): void => {
      if (parent === null) return;
      this.later.push(() => {
        this.giveIfPossible(parent.instanceKey, command(parent.elementInstanceKey));
      });
    };
    switch (event.type) {
      case 'call-requested':
        this.later.push(() => {
          this.startChild(instance, event);
        });
        return;
      case 'call-cancelled':
        this.later.push(() => {
          if (this.instances.has(event.childInstanceKey)) {
            this.giveIfPossible(event.childInstanceKey, { type: 'cancel-instance' });
          }
        });
        return;
      case 'instance-completed':
        toParent((elementInstanceKey) => ({ type: 'complete-call', elementInstanceKey, variables: event.variables }));
        this.startBuffered(instance);
        return;
      case 'instance-terminated':
        this.startBuffered(instance);
        return;
      case 'error-propagated':
        toParent((elementInstanceKey) => {
          const { errorKey, code, message, variables } = event;
          return { type: 'propagate-error', elementInstanceKey, errorKey, code, message, variables };
        });
        return;
      case 'escalation-propagated':
        toParent((elementInstanceKey) => {
          const { code, variables } = event;
          return { type: 'propagate-escalation', elementInstanceKey, code, variables };
        });
        return;
      case 'error-rejected':
        this.later.push(() => {
          this.giveIfPossible(event.childInstanceKey, { type: 'reject-error', errorKey: event.errorKey });
        });
        return;
      case 'signal-thrown':
        this.later.push(() => {
          this.broadcast(event.signalName, event.variables);
        });
        return;
      default:
    }
  }

  private startChild(parent: WorldInstance, call: Extract<EngineEvent, { type: 'call-requested' }>): void {
    const { childInstanceKey: instanceKey, elementInstanceKey, variables, callDepth } = call;
    const deployed = this.latest.get(call.processId);
    try {
      if (deployed === undefined) throw new Refused({ code: 'ELEMENT_NOT_FOUND', message: `No '${call.processId}'` });
      this.start(deployed, {
        instanceKey,
        variables,
        callDepth,
        parent: { instanceKey: parent.key, elementInstanceKey },
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.giveIfPossible(parent.key, { type: 'fail-call', elementInstanceKey, message: error.message });
    }
  }

  // ── Messages, signals, time ──────────────────────────────────────────────────────────────────────────────

  /** Answers the instance that took it, or null when nobody has (yet). */
  publish(name: string, correlationKey: string, variables: Variables, ttlMs: number): Key | null {
    const expiresAt = Date.parse(this.now) + ttlMs;
    const message = { key: this.nextKey(), name, correlationKey, variables, expiresAt, seenBy: new Set<string>() };
    let taken: Key | null = null;
    for (const subscription of [...this.subscriptions.values()]) {
      if (this.deliver(message, subscription)) taken ??= subscription.instanceKey;
    }
    for (const [processId, starts] of this.starts) {
      const start = starts.find((candidate) => candidate.kind === 'message' && candidate.messageName === name);
      if (start !== undefined) taken ??= this.startBy(message, processId, start.elementId);
    }
    if (ttlMs > 0) this.messages.push(message);
    this.settle();
    return taken;
  }

  private deliver(message: Message, subscription: Subscription): boolean {
    const instance = this.getInstance(subscription.instanceKey);
    const { processId } = instance.state;
    if (subscription.name !== message.name || subscription.correlationKey !== message.correlationKey) return false;
    if (message.seenBy.has(processId)) return false;
    message.seenBy.add(processId);
    this.give(instance.key, {
      type: 'correlate-message',
      subscriptionKey: subscription.key,
      messageKey: message.key,
      variables: message.variables,
    });
    return true;
  }

  private startBy(message: Message, processId: string, startElementId: string): Key | null {
    const { correlationKey, variables } = message;
    const isBusy = [...this.instances.values()].some(
      ({ startCorrelation, state }) =>
        startCorrelation === correlationKey && state.processId === processId && state.status === 'active',
    );
    if (message.seenBy.has(processId) || (correlationKey !== '' && isBusy)) return null;
    message.seenBy.add(processId);
    return this.start(this.getLatest(processId), { startElementId, variables }, correlationKey);
  }

  private matchBuffered(subscriptionKey: Key): void {
    this.messages = this.messages.filter((message) => message.expiresAt > Date.parse(this.now));
    for (const message of this.messages) {
      const subscription = this.subscriptions.get(subscriptionKey);
      if (subscription === undefined) return;
      if (this.deliver(message, subscription)) return;
    }
  }

  private startBuffered({ startCorrelation, state }: WorldInstance): void {
    if (startCorrelation === null) return;
    this.later.push(() => {
      for (const start of this.starts.get(state.processId) ?? []) {
        if (start.kind !== 'message') continue;
        const message = this.messages.find(
          ({ name, correlationKey, seenBy }) =>
            name === start.messageName && correlationKey === startCorrelation && !seenBy.has(state.processId),
        );
        if (message !== undefined) this.startBy(message, state.processId, start.elementId);
      }
    });
  }

  broadcast(name: string, variables: Variables): void {
    for (const { key: subscriptionKey, instanceKey, name: waitsFor, correlationKey } of [
      ...this.subscriptions.values(),
    ]) {
      if (waitsFor !== name || correlationKey !== null) continue;
      this.giveIfPossible(instanceKey, { type: 'deliver-signal', subscriptionKey, variables });
    }
    for (const [processId, starts] of this.starts) {
      for (const start of starts) {
        if (start.kind !== 'signal' || start.signalName !== name) continue;
        this.start(this.getLatest(processId), { startElementId: start.elementId, variables });
      }
    }
    this.settle();
  }

  /** Fires what is due on the way, in order, each at a clock that has reached the new time. */
  moveTo(now: Instant): void {
    this.now = now;
    this.fireDue();
  }

  fireDue(): void {
    const dueTimer = (): Timer | undefined =>
      [...this.timers.values()]
        .filter((timer) => timer.dueAt <= this.now)
        .sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))[0];
    for (let timer = dueTimer(); timer !== undefined; timer = dueTimer()) {
      this.timers.delete(timer.key);
      if (timer.instanceKey !== null)
        this.giveIfPossible(timer.instanceKey, { type: 'fire-timer', timerKey: timer.key });
      else if (timer.start !== null) this.startByTimer(timer.start);
    }
  }

  private startByTimer({ deployed, resolved }: NonNullable<Timer['start']>): void {
    this.start(deployed, { startElementId: resolved.elementId });
    const next = nextStartTimer(resolved, this.now);
    if (next !== null) this.addStartTimer(deployed, { ...resolved, ...next });
    this.settle();
  }
}

/** The engine's refusal of a command. */
export class Refused extends Error {
  readonly rejection: Rejection;
  constructor(rejection: Rejection) {
    super(`${rejection.code}: ${rejection.message}`);
    this.rejection = rejection;
  }
}
