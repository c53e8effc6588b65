// Runs an instance in memory and asserts, after every step of every test, what must always hold: the state is the
// fold of the events, it survives JSON, the invariants hold, and the decision does not depend on the order in which
// a database gives the records back.

import { expect } from 'vitest';
import { apply, assertInvariants, compileDefinitions, decide } from '../../server/engine/index.ts';
import type {
  BoundaryWait,
  Command,
  DecideContext,
  Decision,
  ElementInstance,
  EngineEvent,
  ExecutableProcess,
  InstanceState,
  Json,
  Rejection,
  Variables,
  Wait,
} from '../../server/engine/index.ts';
import { asId } from '../../server/shared/ids.ts';
import type { Key } from '../../server/shared/ids.ts';
import type { Result } from '../../server/shared/result.ts';
import { parseInstant } from '../../server/shared/time.ts';
import type { Instant } from '../../server/shared/time.ts';
import type { ModelBuilder } from '../support/model-builder.ts';

export const key = (text: string): Key => asId<Key>(text);

export function instant(text: string): Instant {
  const parsed = parseInstant(text);
  if (parsed === null) throw new Error(`'${text}' is no instant`);
  return parsed;
}

/** Keys cross 2^32, below which JavaScript orders object keys by number and above which by insertion. */
const FIRST_KEY = 4_294_967_290n;
const INSTANCE_KEY = key('77');
export const STARTED_AT = instant('2019-05-06T08:00:00+07:00');

export const compile = (model: ModelBuilder): Promise<ExecutableProcess> => compileXml(model.toXml());

async function compileXml(xml: string): Promise<ExecutableProcess> {
  const compiled = await compileDefinitions(xml);
  if (!compiled.ok) throw new Error(`The model does not compile: ${JSON.stringify(compiled.error)}`);
  const process = compiled.value[0];
  if (process === undefined) throw new Error('The model has no process');
  return process;
}

/** Records in another order than the engine made them: jsonb and other stores promise none. */
function asStored<T extends Json | InstanceState>(value: T): T {
  const sorted = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(sorted);
    if (typeof node !== 'object' || node === null) return node;
    const entries = Object.entries(node).sort(([a], [b]) => (a < b ? 1 : -1));
    return Object.fromEntries(entries.map(([name, child]) => [name, sorted(child)]));
  };
  return sorted(JSON.parse(JSON.stringify(value))) as T; // the same value with its keys in another order
}

type StartOptions = Partial<
  Pick<Extract<Command, { type: 'start-instance' }>, 'startElementId' | 'activateElementIds' | 'callDepth'>
> & {
  readonly parent?: Extract<Command, { type: 'start-instance' }>['parent'];
};

type Settings = Pick<DecideContext, 'stepLimit' | 'callDepthLimit' | 'findCalendar' | 'findForm'>;

export class Run {
  /** The process that the instance runs in; a migration replaces it. */
  process: ExecutableProcess;
  readonly history: EngineEvent[] = [];
  readonly key: Key = INSTANCE_KEY;
  now: Instant = STARTED_AT;
  /** Events of the last accepted command. */
  last: readonly EngineEvent[] = [];
  private current: InstanceState | null = null;
  /** The whole history, folded event by event and never touched by `decide`. */
  private folded: InstanceState | null = null;
  private nextKey = FIRST_KEY;
  private readonly settings: Settings;

  constructor(process: ExecutableProcess, settings: Settings = {}) {
    this.process = process;
    this.settings = settings;
  }

  get state(): InstanceState {
    if (this.current === null) throw new Error('The instance has not been started');
    return this.current;
  }

  start(variables: Variables = {}, parent: StartOptions['parent'] = null, options: StartOptions = {}): this {
    return this.give({ type: 'start-instance', instanceKey: INSTANCE_KEY, variables, ...options, parent });
  }

  /** Started by an event: `variables` are what it brought. */
  startBy(startElementId: string, variables: Variables = {}): this {
    return this.start(variables, null, { startElementId });
  }

  /** Gives a command that must be accepted. `after`: the process that the instance is in afterwards. */
  give(command: Command, after: ExecutableProcess = this.process): this {
    const before = JSON.stringify(this.current);
    const firstKey = this.nextKey;
    const decision = this.decide(this.current, command);
    if (!decision.ok) throw new Error(`${command.type} was refused: ${JSON.stringify(decision.error)}`);
    expect(JSON.stringify(this.current), 'decide leaves the old state alone').toBe(before);
    this.assertIndependentOfStorage(command, firstKey, decision.value);
    this.history.push(...decision.value.events);
    this.last = decision.value.events;
    this.current = decision.value.state;
    this.folded = decision.value.events.reduce<InstanceState | null>(
      (state, event) => apply(state, event),
      this.folded,
    );
    expect(this.folded, 'the state is the fold of the events').toEqual(this.current);
    assertInvariants(after, this.state);
    return this;
  }

  /** Gives a command that must be refused; nothing may change. */
  refuse(command: Command): Rejection {
    const before = JSON.stringify(this.current);
    const decision = this.decide(this.current, command);
    if (decision.ok) throw new Error(`${command.type} was accepted`);
    expect(JSON.stringify(this.current)).toBe(before);
    return decision.error;
  }

  private decide(state: InstanceState | null, command: Command): Result<Decision, Rejection> {
    const context: DecideContext = {
      ...this.settings,
      now: this.now,
      nextKey: () => {
        this.nextKey += 1n;
        return key(String(this.nextKey));
      },
    };
    return decide(this.process, state, command, context);
  }

  private assertIndependentOfStorage(command: Command, firstKey: bigint, expected: Decision): void {
    const nextKey = this.nextKey;
    this.nextKey = firstKey;
    const again = this.decide(this.current === null ? null : asStored(this.current), command);
    expect(again, 'a stored and reloaded state decides the same').toEqual({ ok: true, value: expected });
    expect(this.nextKey).toBe(nextKey);
    expect(asStored(expected.state), 'the state survives JSON').toEqual(expected.state);
  }

  // ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Active element instances of an element, oldest first; a multi-instance body is not among them. */
  instancesOf(elementId: string): readonly ElementInstance[] {
    return Object.values(this.state.elements)
      .filter((instance) => instance.elementId === elementId && instance.body === null)
      .sort((a, b) => (BigInt(a.key) < BigInt(b.key) ? -1 : 1));
  }

  instanceOf(elementId: string, index = 0): ElementInstance {
    const instance = this.instancesOf(elementId)[index];
    if (instance === undefined) throw new Error(`'${elementId}' is not active`);
    return instance;
  }

  bodyOf(elementId: string): ElementInstance {
    const body = Object.values(this.state.elements).find(
      (instance) => instance.elementId === elementId && instance.body !== null,
    );
    if (body === undefined) throw new Error(`'${elementId}' has no active body`);
    return body;
  }

  private waitOf<Kind extends Wait['kind']>(
    elementId: string,
    kind: Kind,
    index: number,
  ): Extract<Wait, { kind: Kind }> {
    const wait = this.instanceOf(elementId, index).waits.find(
      (candidate): candidate is Extract<Wait, { kind: Kind }> => candidate.kind === kind,
    );
    if (wait === undefined) throw new Error(`'${elementId}' waits for no ${kind}`);
    return wait;
  }

  taskKey = (elementId: string, index = 0): Key => this.waitOf(elementId, 'task', index).taskKey;
  jobKey = (elementId: string, index = 0): Key => this.waitOf(elementId, 'job', index).jobKey;
  childKey = (elementId: string, index = 0): Key => this.waitOf(elementId, 'call', index).childInstanceKey;

  /** Of a catch event, or of an armed boundary event. */
  timerKey(elementId: string): Key {
    return this.boundaryKey(elementId, 'timer') ?? this.waitOf(elementId, 'timer', 0).timerKey;
  }

  subscriptionKey(elementId: string): Key {
    return this.boundaryKey(elementId, 'message') ?? this.waitOf(elementId, 'message', 0).subscriptionKey;
  }

  signalKey(elementId: string): Key {
    return this.boundaryKey(elementId, 'signal') ?? this.waitOf(elementId, 'signal', 0).subscriptionKey;
  }

  decisionKey = (elementId: string): Key => this.waitOf(elementId, 'decision', 0).decisionKey;
  lateKey = (elementId: string): Key => this.waitOf(elementId, 'late', 0).timerKey;

  /** Armed on an activity, a scope, a gateway, or on the process itself. */
  private boundaryKey(elementId: string, kind: BoundaryWait['kind']): Key | null {
    const boundaries = Object.values(this.state.elements).flatMap((instance) => instance.boundaries);
    const armed = [...boundaries, ...(this.state.rootEvents ?? [])];
    return armed.find((boundary) => boundary.elementId === elementId && boundary.kind === kind)?.key ?? null;
  }

  /** Ids of the elements that are active, sorted; an element that is active twice is named twice. */
  get active(): readonly string[] {
    return Object.values(this.state.elements)
      .filter((instance) => instance.loopCounter === null)
      .map((instance) => instance.elementId)
      .sort();
  }

  /** How often an element was terminated in the whole history. */
  terminatedCount(elementId: string): number {
    return this.history.filter((event) => event.type === 'element-terminated' && event.elementId === elementId).length;
  }

  get variables(): Variables {
    return this.state.variables[this.state.key] ?? {};
  }

  get status(): InstanceState['status'] {
    return this.state.status;
  }

  /** How often an element has been completed in the whole history. */
  completedCount(elementId: string): number {
    return this.history.filter((event) => event.type === 'element-completed' && event.elementId === elementId).length;
  }

  eventsOf<Type extends EngineEvent['type']>(type: Type): readonly Extract<EngineEvent, { type: Type }>[] {
    return this.history.filter((event): event is Extract<EngineEvent, { type: Type }> => event.type === type);
  }

  get incident(): Extract<EngineEvent, { type: 'incident-raised' }> {
    const open = this.eventsOf('incident-raised').filter(
      (event) => this.state.incidents[event.incidentKey] !== undefined,
    );
    const incident = open[0];
    if (incident === undefined || open.length > 1) throw new Error(`There are ${open.length} open incidents`);
    return incident;
  }

  /** The last command's events as `type element` lines: what happened, without keys. */
  get trace(): readonly string[] {
    return this.last.map((event) => {
      if ('elementId' in event) return `${event.type} ${event.elementId}`;
      if ('flowId' in event) return `${event.type} ${event.flowId}`;
      if ('gatewayId' in event) return `${event.type} ${event.gatewayId}`;
      return event.type;
    });
  }

  // ── Acting ───────────────────────────────────────────────────────────────────────────────────────────────

  completeTask(elementId: string, variables: Variables = {}, index = 0): this {
    return this.give({ type: 'complete-task', taskKey: this.taskKey(elementId, index), variables });
  }

  completeJob(elementId: string, variables: Variables = {}, index = 0): this {
    return this.give({ type: 'complete-job', jobKey: this.jobKey(elementId, index), variables });
  }

  failJob(elementId: string, retriesLeft: number, message = 'does not work'): this {
    return this.give({ type: 'fail-job', jobKey: this.jobKey(elementId), retriesLeft, message, retryAt: null });
  }

  fireTimer(elementId: string): this {
    return this.give({ type: 'fire-timer', timerKey: this.timerKey(elementId) });
  }

  correlate(elementId: string, variables: Variables = {}): this {
    const subscriptionKey = this.subscriptionKey(elementId);
    return this.give({ type: 'correlate-message', subscriptionKey, messageKey: key('5'), variables });
  }

  completeCall(elementId: string, variables: Variables = {}): this {
    return this.give({ type: 'complete-call', elementInstanceKey: this.instanceOf(elementId).key, variables });
  }

  completeListener(elementId: string, variables: Variables = {}): this {
    return this.give({ type: 'complete-job', jobKey: this.waitOf(elementId, 'listener', 0).jobKey, variables });
  }

  failListener(elementId: string, retriesLeft: number): this {
    const { jobKey } = this.waitOf(elementId, 'listener', 0);
    return this.give({ type: 'fail-job', jobKey, retriesLeft, message: 'does not work', retryAt: null });
  }

  throwError(elementId: string, code: string, variables: Variables = {}, index = 0): this {
    const jobKey = this.jobKey(elementId, index);
    return this.give({ type: 'throw-job-error', jobKey, code, message: 'no good', variables });
  }

  signal(elementId: string, variables: Variables = {}): this {
    return this.give({ type: 'deliver-signal', subscriptionKey: this.signalKey(elementId), variables });
  }

  modify(activate: readonly string[], terminate: readonly Key[] = []): this {
    return this.give({ type: 'modify-instance', activate: activate.map((elementId) => ({ elementId })), terminate });
  }

  setVariables(variables: Variables, scopeKey: Key = this.state.key, local = false): this {
    return this.give({ type: 'set-variables', scopeKey, variables, local });
  }

  resolve(): this {
    return this.give({ type: 'resolve-incident', incidentKey: this.incident.incidentKey });
  }

  cancel(): this {
    return this.give({ type: 'cancel-instance' });
  }
}

export const runOf = async (model: ModelBuilder, stepLimit?: number): Promise<Run> =>
  new Run(await compile(model), stepLimit === undefined ? {} : { stepLimit });

export const runOfXml = async (xml: string): Promise<Run> => new Run(await compileXml(xml));

/** Compiles the model and starts an instance of it. */
export const started = async (model: ModelBuilder, variables: Variables = {}): Promise<Run> =>
  (await runOf(model)).start(variables);
