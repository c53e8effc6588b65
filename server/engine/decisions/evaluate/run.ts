// One evaluation: what was given, what has been computed already, how deep functions are nested, and what is told about it.
// A run belongs to one call; compiled models are shared and never hold a value.

import type { Instant } from '../../../shared/time.ts';
import type { FeelScope, Value } from '../feel.ts';
import type { DecisionTrace, TableTrace, Warning } from './trace.ts';

/** Calls of knowledge models, services and functions inside each other; beyond it the call answers null. */
export const MAX_CALL_DEPTH = 200;
/** Calls of one evaluation altogether: two calls in each of 200 levels would never end. */
export const MAX_CALLS = 200_000;

export interface RunOptions {
  readonly now: Instant;
  /** Names that nothing in the model provides are looked up among the given variables, as processes do. */
  readonly isOpen: boolean;
  /** Explain every row of every table, not only the matching ones. */
  readonly isExplained: boolean;
}

type EvaluationOptions = FeelScope['feel'];

/** Shared by a run and the runs of the decision services that it calls. */
export interface Recorder {
  readonly options: RunOptions;
  readonly warnings: Warning[];
  readonly decisions: DecisionTrace[];
  /** Ids of the decisions that are being evaluated, the innermost last: a warning names its decision. */
  readonly stack: string[];
  /** What each FEEL evaluation is told: the clock of the request. */
  readonly feel: EvaluationOptions;
  depth: number;
  calls: number;
}

export interface Run {
  readonly recorder: Recorder;
  /** Given values, by name; those of imported models stand in a context under the import's name. */
  readonly inputs: ReadonlyMap<string, Value>;
  /** Decisions whose value is given: the input decisions of a service, by element key. */
  readonly given: ReadonlyMap<string, Value>;
  /** Values of decisions, by import path and element. */
  readonly cache: Map<string, Value>;
  /** Tables evaluated for the decision at hand; the top of the stack is the innermost decision. */
  readonly tables: TableTrace[][];
  readonly running: Set<string>;
}

export function beginRun(
  recorder: Recorder,
  inputs: ReadonlyMap<string, Value>,
  given: ReadonlyMap<string, Value> = new Map(),
): Run {
  return { recorder, inputs, given, cache: new Map(), tables: [], running: new Set() };
}

/** Without these limits a generated loop would fill the memory with messages. */
const MAX_WARNINGS = 200;

export function warn({ recorder }: Run, warning: Omit<Warning, 'decisionId'>): void {
  if (recorder.warnings.length >= MAX_WARNINGS) return;
  recorder.warnings.push({ ...warning, decisionId: recorder.stack.at(-1) ?? null });
}

export const createRecorder = (options: RunOptions): Recorder => ({
  options,
  warnings: [],
  decisions: [],
  stack: [],
  feel: { nowMs: Date.parse(options.now) },
  depth: 0,
  calls: 0,
});

/** Runs the body one level deeper; null with a warning when functions call each other without end. */
export function inCall(run: Run, name: string, body: () => Value): Value {
  const { recorder } = run;
  recorder.calls += 1;
  if (recorder.depth >= MAX_CALL_DEPTH || recorder.calls > MAX_CALLS) {
    const limit = recorder.calls > MAX_CALLS ? `${MAX_CALLS} times` : `${MAX_CALL_DEPTH} deep`;
    warn(run, { rule: 'call-depth', elementId: null, message: `'${name}' is called more than ${limit}.` });
    return null;
  }
  recorder.depth += 1;
  try {
    return body();
  } finally {
    recorder.depth -= 1;
  }
}

/** Names that an expression sees: its own frame first, then the frames around it. */
export class Frame implements FeelScope {
  readonly run: Run;
  readonly #names: Map<string, Value>;
  readonly #parent: Frame | null;

  constructor(run: Run, parent: Frame | null, names: Map<string, Value> = new Map()) {
    this.run = run;
    this.#parent = parent;
    this.#names = names;
  }

  get feel(): EvaluationOptions {
    return this.run.recorder.feel;
  }

  tell(message: string, isFailure: boolean): void {
    warn(this.run, { rule: isFailure ? 'failed-expression' : 'feel', elementId: null, message });
  }

  find(name: string): Value | undefined {
    const own = this.#names.get(name);
    if (own !== undefined || this.#names.has(name)) return own;
    return this.#parent?.find(name);
  }

  set(name: string, value: Value): void {
    this.#names.set(name, value);
  }

  with(names: readonly (readonly [string, Value])[]): Frame {
    return new Frame(this.run, this, new Map(names));
  }
}

export type Evaluate = (frame: Frame) => Value;
