// Builds BPMN files for tests in a few readable lines. It writes XML, not compiled processes, so that every engine
// test also goes through the parser. Element ids are the names that tests speak about.
//
//   model('p').start().userTask('Draft').end().path('start', 'Draft', 'end').toXml()

export interface ActivityOptions {
  readonly name?: string;
  /** [source, target] pairs. */
  readonly inputs?: readonly (readonly [string, string])[];
  readonly outputs?: readonly (readonly [string, string])[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly each?: MultiInstanceOptions;
  readonly default?: string;
  readonly loop?: { readonly while?: string; readonly max?: number; readonly testBefore?: boolean };
  readonly isForCompensation?: boolean;
  readonly startQuantity?: number;
  readonly completionQuantity?: number;
  readonly startListeners?: readonly string[];
  readonly endListeners?: readonly string[];
}

/** One event definition. */
export type EventOptions =
  | { readonly message: string; readonly key?: string }
  | { readonly duration: string; readonly calendar?: string }
  | { readonly date: string }
  | { readonly cycle: string }
  | { readonly signal: string }
  | { readonly error: string | null }
  | { readonly escalation: string | null }
  | { readonly condition: string; readonly changes?: string }
  | { readonly compensate: string | null }
  | { readonly link: string }
  | { readonly terminate: true }
  | { readonly cancel: true };

export interface EventSettings {
  readonly isInterrupting?: boolean;
  readonly isParallel?: boolean;
  readonly inputs?: readonly (readonly [string, string])[];
  readonly outputs?: readonly (readonly [string, string])[];
  /** Of a thrown message. */
  readonly type?: string;
  readonly endListeners?: readonly string[];
}

export interface SubProcessOptions extends ActivityOptions {
  readonly kind?: 'subProcess' | 'transaction' | 'adHocSubProcess';
  readonly isEvent?: boolean;
  readonly activate?: string;
  readonly until?: string;
  readonly cancelsRemaining?: boolean;
}

export interface MultiInstanceOptions {
  readonly of: string;
  readonly as?: string;
  readonly isSequential?: boolean;
  readonly collect?: string;
  readonly into?: string;
  readonly until?: string;
}

export interface UserTaskOptions extends ActivityOptions {
  readonly assignee?: string;
  readonly candidateGroups?: string;
  readonly candidateUsers?: string;
  readonly dueDate?: string;
  readonly followUpDate?: string;
  readonly priority?: string;
  readonly form?: string;
  readonly isJobBased?: boolean;
  readonly dueIn?: { readonly duration: string; readonly calendar?: string };
  /** [moment, job type] pairs. */
  readonly taskListeners?: readonly (readonly [string, string])[];
  readonly late?: readonly Readonly<Record<string, string>>[];
}

export interface ServiceTaskOptions extends ActivityOptions {
  readonly type?: string;
  readonly retries?: string;
}

export interface CallOptions extends ActivityOptions {
  readonly process: string;
  readonly allParentVariables?: boolean;
  readonly allChildVariables?: boolean;
}

export interface TimerOptions {
  readonly duration?: string;
  readonly date?: string;
  readonly cycle?: string;
  readonly isInterrupting?: boolean;
}

export interface MessageOptions {
  readonly message: string;
  readonly key?: string;
  readonly isInterrupting?: boolean;
  readonly outputs?: readonly (readonly [string, string])[];
}

const escapeXml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

const attributes = (values: Readonly<Record<string, string | boolean | undefined>>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');

const tag = (
  name: string,
  values: Readonly<Record<string, string | boolean | undefined>>,
  ...children: readonly string[]
): string => `<${name}${attributes(values)}>${children.join('')}</${name}>`;

const extensions = (...children: readonly string[]): string => {
  const content = children.join('');
  return content === '' ? '' : tag('bpmn:extensionElements', {}, content);
};

const expression = (name: string, text: string | undefined): string =>
  text === undefined ? '' : tag(`bpmn:${name}`, { 'xsi:type': 'bpmn:tFormalExpression' }, escapeXml(text));

function ioMapping({ inputs = [], outputs = [] }: Pick<ActivityOptions, 'inputs' | 'outputs'>): string {
  if (inputs.length + outputs.length === 0) return '';
  return tag(
    'zeebe:ioMapping',
    {},
    ...inputs.map(([source, target]) => tag('zeebe:input', { source, target })),
    ...outputs.map(([source, target]) => tag('zeebe:output', { source, target })),
  );
}

function taskHeaders(headers: Readonly<Record<string, string>> = {}): string {
  const rows = Object.entries(headers).map(([key, value]) => tag('zeebe:header', { key, value }));
  return rows.length === 0 ? '' : tag('zeebe:taskHeaders', {}, ...rows);
}

function listeners({ startListeners = [], endListeners = [] }: ActivityOptions): string {
  const rows = [
    ...startListeners.map((type) => tag('zeebe:executionListener', { eventType: 'start', type })),
    ...endListeners.map((type) => tag('zeebe:executionListener', { eventType: 'end', type })),
  ];
  return rows.length === 0 ? '' : tag('zeebe:executionListeners', {}, ...rows);
}

function standardLoop(options: ActivityOptions['loop']): string {
  if (options === undefined) return '';
  const values = { testBefore: options.testBefore, loopMaximum: options.max?.toString() };
  return tag('bpmn:standardLoopCharacteristics', values, expression('loopCondition', options.while));
}

function loop(each: MultiInstanceOptions | undefined): string {
  if (each === undefined) return '';
  const settings = tag('zeebe:loopCharacteristics', {
    inputCollection: each.of,
    inputElement: each.as,
    outputCollection: each.into,
    outputElement: each.collect,
  });
  return tag(
    'bpmn:multiInstanceLoopCharacteristics',
    { isSequential: each.isSequential },
    extensions(settings),
    expression('completionCondition', each.until),
  );
}

/** What all levels of one file share. */
interface SharedParts {
  /** Messages, signals, errors, escalations. */
  readonly roots: Map<string, string>;
  readonly flowIds: Set<string>;
}

export class ModelBuilder {
  private readonly processId: string;
  private readonly parts: string[] = [];
  private readonly artifacts: string[] = [];
  private readonly shared: SharedParts;

  constructor(processId: string, shared: SharedParts = { roots: new Map(), flowIds: new Set() }) {
    this.processId = processId;
    this.shared = shared;
  }

  /** Any XML inside the process, for what the builder has no method for. */
  raw(xml: string): this {
    this.parts.push(xml);
    return this;
  }

  /** A subprocess; its content is built by the function. */
  sub(id: string, content: (inner: ModelBuilder) => ModelBuilder, options: SubProcessOptions = {}): this {
    const { kind = 'subProcess', isEvent, activate, until, cancelsRemaining } = options;
    const inner = content(new ModelBuilder(id, this.shared));
    const adHoc = activate === undefined ? '' : tag('zeebe:adHoc', { activeElementsCollection: activate });
    const values = {
      ...activityValues(id, options),
      triggeredByEvent: isEvent,
      cancelRemainingInstances: cancelsRemaining,
    };
    return this.raw(
      tag(
        `bpmn:${kind}`,
        values,
        extensions(ioMapping(options), listeners(options), adHoc),
        loop(options.each),
        standardLoop(options.loop),
        ...inner.parts,
        ...inner.artifacts,
        expression('completionCondition', until),
      ),
    );
  }

  /** An event subprocess with its start event. */
  on(
    id: string,
    event: EventOptions | readonly EventOptions[],
    content: (inner: ModelBuilder) => ModelBuilder,
    settings: EventSettings = {},
  ): this {
    return this.sub(id, (inner) => content(inner.startOn(`${id}_start`, event, settings)), { isEvent: true });
  }

  startOn(id: string, event: EventOptions | readonly EventOptions[], settings: EventSettings = {}): this {
    const { isInterrupting, isParallel } = settings;
    return this.event('startEvent', { id, isInterrupting, parallelMultiple: isParallel }, event, settings);
  }

  endWith(id: string, event: EventOptions | readonly EventOptions[], settings: EventSettings = {}): this {
    return this.event('endEvent', { id }, event, settings);
  }

  throwing(id: string, event: EventOptions | readonly EventOptions[], settings: EventSettings = {}): this {
    return this.event('intermediateThrowEvent', { id }, event, settings);
  }

  catching(id: string, event: EventOptions | readonly EventOptions[], settings: EventSettings = {}): this {
    return this.event('intermediateCatchEvent', { id, parallelMultiple: settings.isParallel }, event, settings);
  }

  boundary(
    id: string,
    attachedToRef: string,
    event: EventOptions | readonly EventOptions[],
    settings: EventSettings = {},
  ): this {
    const cancelActivity = settings.isInterrupting ?? true;
    const values = { id, attachedToRef, cancelActivity, parallelMultiple: settings.isParallel };
    return this.event('boundaryEvent', values, event, settings);
  }

  /** A compensation boundary event with its handler, both named after the activity. */
  undo(activity: string, handler: string): this {
    this.boundary(`comp_${activity}`, activity, { compensate: null });
    this.artifacts.push(
      tag('bpmn:association', { id: `assoc_${activity}`, sourceRef: `comp_${activity}`, targetRef: handler }),
    );
    return this;
  }

  private event(
    name: string,
    values: Readonly<Record<string, string | boolean | undefined>>,
    event: EventOptions | readonly EventOptions[],
    settings: EventSettings,
  ): this {
    const events: readonly EventOptions[] = 'length' in event ? event : [event];
    const job = settings.type === undefined ? '' : tag('zeebe:taskDefinition', { type: settings.type });
    const content = extensions(job, ioMapping(settings), listeners({ endListeners: settings.endListeners ?? [] }));
    return this.raw(tag(`bpmn:${name}`, values, content, ...events.map((one) => this.definition(one))));
  }

  private definition(event: EventOptions): string {
    if ('message' in event) return this.messageDefinition(event);
    if ('duration' in event || 'date' in event || 'cycle' in event) return timerDefinition(event);
    if ('signal' in event) {
      return tag('bpmn:signalEventDefinition', {
        signalRef: this.root('signal', event.signal, { name: event.signal }),
      });
    }
    if ('error' in event) {
      const errorRef = event.error === null ? undefined : this.root('error', event.error, { errorCode: event.error });
      return tag('bpmn:errorEventDefinition', { errorRef });
    }
    if ('escalation' in event) {
      const { escalation: code } = event;
      const escalationRef = code === null ? undefined : this.root('escalation', code, { escalationCode: code });
      return tag('bpmn:escalationEventDefinition', { escalationRef });
    }
    if ('condition' in event) {
      const filter =
        event.changes === undefined ? '' : tag('zeebe:conditionalFilter', { variableEvents: event.changes });
      return tag('bpmn:conditionalEventDefinition', {}, extensions(filter), expression('condition', event.condition));
    }
    if ('compensate' in event) {
      return tag('bpmn:compensateEventDefinition', { activityRef: event.compensate ?? undefined });
    }
    if ('link' in event) return tag('bpmn:linkEventDefinition', { name: event.link });
    return tag('terminate' in event ? 'bpmn:terminateEventDefinition' : 'bpmn:cancelEventDefinition', {});
  }

  private root(kind: string, name: string, values: Readonly<Record<string, string>>): string {
    const id = `${kind}_${name.replace(/\W/g, '_')}`;
    this.shared.roots.set(id, tag(`bpmn:${kind}`, { id, ...values }));
    return id;
  }

  inclusive(id: string, options: { readonly default?: string } = {}): this {
    return this.raw(tag('bpmn:inclusiveGateway', { id, default: options.default }));
  }

  complex(id: string, options: { readonly default?: string; readonly when?: string } = {}): this {
    const condition = expression('activationCondition', options.when);
    return this.raw(tag('bpmn:complexGateway', { id, default: options.default }, condition));
  }

  eventGateway(id: string, options: { readonly instantiate?: boolean } = {}): this {
    return this.raw(tag('bpmn:eventBasedGateway', { id, instantiate: options.instantiate }));
  }

  sendTask(id: string, options: ServiceTaskOptions = {}): this {
    return this.activity('bpmn:sendTask', id, options, tag('zeebe:taskDefinition', { type: options.type ?? id }));
  }

  script(id: string, source: string, resultVariable: string, options: ActivityOptions = {}): this {
    return this.activity('bpmn:scriptTask', id, options, tag('zeebe:script', { expression: source, resultVariable }));
  }

  decide(id: string, decisionId: string, resultVariable: string, options: ActivityOptions = {}): this {
    const called = tag('zeebe:calledDecision', { decisionId, resultVariable });
    return this.activity('bpmn:businessRuleTask', id, options, called);
  }

  /** Changes the XML of an element that was added before. */
  replaceIn(id: string, from: string, to: string): this {
    const index = this.parts.findIndex((part) => part.includes(` id="${id}"`));
    const part = this.parts[index];
    if (part !== undefined) this.parts[index] = part.replace(escapeXml(from), () => escapeXml(to));
    return this;
  }

  /** Any XML beside the process. */
  atRoot(xml: string): this {
    this.shared.roots.set(`raw ${this.shared.roots.size}`, xml);
    return this;
  }

  start(id = 'start'): this {
    return this.raw(tag('bpmn:startEvent', { id }));
  }

  end(id = 'end'): this {
    return this.raw(tag('bpmn:endEvent', { id }));
  }

  task(id: string, options: ActivityOptions = {}): this {
    return this.activity('bpmn:task', id, options);
  }

  manualTask(id: string, options: ActivityOptions = {}): this {
    return this.activity('bpmn:manualTask', id, options);
  }

  userTask(id: string, options: UserTaskOptions = {}): this {
    const { assignee, candidateGroups, candidateUsers, dueDate, followUpDate, priority, form } = options;
    return this.activity(
      'bpmn:userTask',
      id,
      options,
      options.isJobBased === true ? '' : tag('zeebe:userTask', {}),
      tag('zeebe:assignmentDefinition', { assignee, candidateGroups, candidateUsers }),
      tag('zeebe:taskSchedule', { dueDate, followUpDate }),
      priority === undefined ? '' : tag('zeebe:priorityDefinition', { priority }),
      form === undefined ? '' : tag('zeebe:formDefinition', { externalReference: form }),
      options.dueIn === undefined ? '' : tag('tram:dueIn', options.dueIn),
      options.taskListeners === undefined
        ? ''
        : tag(
            'zeebe:taskListeners',
            {},
            ...options.taskListeners.map(([eventType, type]) => tag('zeebe:taskListener', { eventType, type })),
          ),
      options.late === undefined
        ? ''
        : tag('tram:lateHandling', {}, ...options.late.map((rule) => tag('tram:late', rule))),
    );
  }

  serviceTask(id: string, options: ServiceTaskOptions = {}): this {
    const definition = tag('zeebe:taskDefinition', { type: options.type ?? id, retries: options.retries });
    return this.activity('bpmn:serviceTask', id, options, definition);
  }

  call(id: string, options: CallOptions): this {
    const called = tag('zeebe:calledElement', {
      processId: options.process,
      propagateAllParentVariables: options.allParentVariables,
      propagateAllChildVariables: options.allChildVariables,
    });
    return this.activity('bpmn:callActivity', id, options, called);
  }

  receiveTask(id: string, options: MessageOptions & ActivityOptions): this {
    return this.activity('bpmn:receiveTask', id, { ...options, messageRef: this.message(options) });
  }

  catchMessage(id: string, options: MessageOptions): this {
    return this.raw(
      tag('bpmn:intermediateCatchEvent', { id }, extensions(ioMapping(options)), this.messageDefinition(options)),
    );
  }

  catchTimer(id: string, options: TimerOptions): this {
    return this.raw(tag('bpmn:intermediateCatchEvent', { id }, timerDefinition(options)));
  }

  boundaryTimer(id: string, attachedToRef: string, options: TimerOptions): this {
    const cancelActivity = options.isInterrupting ?? true;
    return this.raw(tag('bpmn:boundaryEvent', { id, attachedToRef, cancelActivity }, timerDefinition(options)));
  }

  boundaryMessage(id: string, attachedToRef: string, options: MessageOptions): this {
    const cancelActivity = options.isInterrupting ?? true;
    const content = [extensions(ioMapping(options)), this.messageDefinition(options)];
    return this.raw(tag('bpmn:boundaryEvent', { id, attachedToRef, cancelActivity }, ...content));
  }

  exclusive(id: string, options: { readonly default?: string } = {}): this {
    return this.raw(tag('bpmn:exclusiveGateway', { id, default: options.default }));
  }

  parallel(id: string): this {
    return this.raw(tag('bpmn:parallelGateway', { id }));
  }

  /** The id of a flow is `from_to`; a second flow between the same two is `from_to_2`, and so on. */
  flow(from: string, to: string, condition?: string): this {
    let id = `${from}_${to}`;
    for (let count = 2; this.shared.flowIds.has(id); count += 1) id = `${from}_${to}_${count}`;
    this.shared.flowIds.add(id);
    return this.raw(
      tag('bpmn:sequenceFlow', { id, sourceRef: from, targetRef: to }, expression('conditionExpression', condition)),
    );
  }

  path(...ids: readonly string[]): this {
    ids.slice(1).forEach((to, index) => this.flow(ids[index] ?? '', to));
    return this;
  }

  toXml(): string {
    const messages = [...this.shared.roots.values()].join('');
    const process = tag('bpmn:process', { id: this.processId, isExecutable: true }, ...this.parts, ...this.artifacts);
    const namespaces = {
      'xmlns:bpmn': 'http://www.omg.org/spec/BPMN/20100524/MODEL',
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xmlns:zeebe': 'http://camunda.org/schema/zeebe/1.0',
      'xmlns:tram': 'http://tram.vn/schema/1.0',
      id: 'Definitions',
      targetNamespace: 'urn:tram:test',
    };
    return `<?xml version="1.0" encoding="UTF-8"?>${tag('bpmn:definitions', namespaces, messages, process)}`;
  }

  private activity(
    name: string,
    id: string,
    options: ActivityOptions & { readonly messageRef?: string },
    ...extra: readonly string[]
  ): this {
    const content = extensions(...extra, ioMapping(options), taskHeaders(options.headers), listeners(options));
    const values = { ...activityValues(id, options), messageRef: options.messageRef };
    return this.raw(tag(name, values, content, loop(options.each), standardLoop(options.loop)));
  }

  private messageDefinition(options: MessageOptions): string {
    return tag('bpmn:messageEventDefinition', { messageRef: this.message(options) });
  }

  private message({ message, key }: MessageOptions): string {
    const id = `Message_${message.replace(/\W/g, '_')}`;
    const subscription = key === undefined ? '' : extensions(tag('zeebe:subscription', { correlationKey: key }));
    this.shared.roots.set(id, tag('bpmn:message', { id, name: message }, subscription));
    return id;
  }
}

const activityValues = (id: string, options: ActivityOptions) => ({
  id,
  name: options.name,
  default: options.default,
  isForCompensation: options.isForCompensation,
  startQuantity: options.startQuantity?.toString(),
  completionQuantity: options.completionQuantity?.toString(),
});

function timerDefinition({ duration, date, cycle, calendar }: TimerOptions & { readonly calendar?: string }): string {
  return tag(
    'bpmn:timerEventDefinition',
    { 'tram:calendar': calendar },
    expression('timeDuration', duration),
    expression('timeDate', date),
    expression('timeCycle', cycle),
  );
}

export const model = (processId = 'p'): ModelBuilder => new ModelBuilder(processId);
