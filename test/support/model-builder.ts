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

export class ModelBuilder {
  private readonly processId: string;
  private readonly parts: string[] = [];
  private readonly messages = new Map<string, string>();
  private readonly flowIds = new Set<string>();

  constructor(processId: string) {
    this.processId = processId;
  }

  /** Any XML inside the process, for what the builder has no method for. */
  raw(xml: string): this {
    this.parts.push(xml);
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
    for (let count = 2; this.flowIds.has(id); count += 1) id = `${from}_${to}_${count}`;
    this.flowIds.add(id);
    return this.raw(
      tag('bpmn:sequenceFlow', { id, sourceRef: from, targetRef: to }, expression('conditionExpression', condition)),
    );
  }

  path(...ids: readonly string[]): this {
    ids.slice(1).forEach((to, index) => this.flow(ids[index] ?? '', to));
    return this;
  }

  toXml(): string {
    const messages = [...this.messages.values()].join('');
    const process = tag('bpmn:process', { id: this.processId, isExecutable: true }, ...this.parts);
    const namespaces = {
      'xmlns:bpmn': 'http://www.omg.org/spec/BPMN/20100524/MODEL',
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xmlns:zeebe': 'http://camunda.org/schema/zeebe/1.0',
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
    const content = extensions(...extra, ioMapping(options), taskHeaders(options.headers));
    const values = { id, name: options.name, default: options.default, messageRef: options.messageRef };
    return this.raw(tag(name, values, content, loop(options.each)));
  }

  private messageDefinition(options: MessageOptions): string {
    return tag('bpmn:messageEventDefinition', { messageRef: this.message(options) });
  }

  private message({ message, key }: MessageOptions): string {
    const id = `Message_${message.replace(/\W/g, '_')}`;
    const subscription = key === undefined ? '' : extensions(tag('zeebe:subscription', { correlationKey: key }));
    this.messages.set(id, tag('bpmn:message', { id, name: message }, subscription));
    return id;
  }
}

function timerDefinition({ duration, date, cycle }: TimerOptions): string {
  return tag(
    'bpmn:timerEventDefinition',
    {},
    expression('timeDuration', duration),
    expression('timeDate', date),
    expression('timeCycle', cycle),
  );
}

export const model = (processId = 'p'): ModelBuilder => new ModelBuilder(processId);
