// One evaluation: what was given, what has been computed already, how deep functions are nested, and what is told about it.
// A run belongs to one call; compiled models are shared and never hold a value.

import type { Instant } from '../../../shared/time.ts';
import type { Value } from '../feel.ts';
import type { DecisionTrace, TableTrace, Warning } from './trace.ts';

/** Calls of knowledge models, services and functions inside each other; beyond it the call answers null. */
export const MAX_CALL_DEPTH = 200;

export interface RunOptions {
  readonly now: Instant;
  /** Names that nothing in the model provides are looked up among the given variables, as processes do. */
  readonly isOpen: boolean;
  /** Explain every row of every table, not only the matching ones. */
  readonly isExplained: boolean;
}

/** Shared by a run and the runs of the decision services that it calls. */
export interface Recorder {
  readonly options: RunOptions;
  readonly warnings: Warning[];
  readonly decisions: DecisionTrace[];
  /** Ids of the decisions that are being evaluated, the innermost last: a warning names its decision. */
  readonly stack: string[];
  depth: number;
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
  depth: 0,
});

/** Runs the body one level deeper; null with a warning when functions call each other without end. */
export function inCall(run: Run, name: string, body: () => Value): Value {
  const { recorder } = run;
  if (recorder.depth >= MAX_CALL_DEPTH) {
    warn(run, {
      rule: 'call-depth',
      elementId: null,
      message: `'${name}' is called more than ${MAX_CALL_DEPTH} deep.`,
    });
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
export class Frame {
  readonly run: Run;
  readonly #names: Map<string, Value>;
  readonly #parent: Frame | null;

  constructor(run: Run, parent: Frame | null, names: Map<string, Value> = new Map()) {
    this.run = run;
    this.#parent = parent;
    this.#names = names;
  }

  find(name: string): Value | undefined {
    const own = this.#names.get(name);
    if (own !== undefined || this.#names.has(name)) return own;
    return this.#parent?.find(name);
  }

  /** Every visible name, the nearest value of each. */
  all(): ReadonlyMap<string, Value> {
    return this.#parent === null ? this.#names : new Map([...this.#parent.all(), ...this.#names]);
  }

  set(name: string, value: Value): void {
    this.#names.set(name, value);
  }

  with(names: readonly (readonly [string, Value])[]): Frame {
    return new Frame(this.run, this, new Map(names));
  }
}

export type Evaluate = (frame: Frame) => Value;
