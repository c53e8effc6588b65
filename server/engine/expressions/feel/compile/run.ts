// One evaluation: the scope it reads, the clock it asks, the warnings it leaves and the work it may still do. Limits
// count steps and sizes, not time, so the same expression always ends the same way.

import type { FeelWarning, MessageValues, Span } from '../diagnostics.ts';
import type { FeelFunction, FeelList, FeelValue, FunctionRun } from '../values.ts';

/** undefined when there is no such name; FEEL then goes on with null and a warning. */
export interface FeelScope {
  readonly find: (name: string) => FeelValue | undefined;
}

export interface FeelLimits {
  /** Iterations, function calls and items made. */
  readonly steps: number;
  /** Functions that call functions. */
  readonly depth: number;
  /** Items of one list, characters of one text. */
  readonly size: number;
}

export const DEFAULT_LIMITS: FeelLimits = { steps: 2_000_000, depth: 200, size: 1_000_000 };

/** Offset of Vietnam: `now()` and `today()` are Vietnamese unless the caller says otherwise. */
export const VIETNAM_OFFSET_SECONDS = 7 * 3_600;

export interface EvaluationOptions {
  /** Milliseconds since 1970 in UTC; null when the expression has no clock, then `now()` is null. */
  readonly nowMs?: number | null;
  readonly offsetSeconds?: number;
  readonly limits?: FeelLimits;
}

/** Ends an evaluation from the inside; caught where the evaluation began, nowhere else. */
export class EvaluationStopped extends Error {
  override readonly name = 'EvaluationStopped';
  readonly code: string;
  readonly values: MessageValues;

  constructor(code: string, values: MessageValues) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

const MAX_WARNINGS = 50;
const NOWHERE: Span = { from: 0, to: 0 };
const NO_OPTIONS: EvaluationOptions = {};

export class Run implements FunctionRun {
  readonly scope: FeelScope;
  readonly options: EvaluationOptions;
  readonly limits: FeelLimits;
  warnings: FeelWarning[] | null = null;
  /** Where the function that runs was called; warnings of its body stand there. */
  position: Span = NOWHERE;
  /** Above zero while a value is only tried out. */
  quiet = 0;
  private steps = 0;
  private depth = 0;

  constructor(scope: FeelScope, options: EvaluationOptions = NO_OPTIONS) {
    this.scope = scope;
    this.options = options;
    this.limits = options.limits ?? DEFAULT_LIMITS;
  }

  spend(steps: number): void {
    this.steps += steps;
    if (this.steps > this.limits.steps) {
      throw new EvaluationStopped('FEEL_LIMIT_STEPS', { limit: String(this.limits.steps) });
    }
  }

  /** Before a list or text of this size is made. */
  reserve(size: number): void {
    if (size > this.limits.size) {
      throw new EvaluationStopped('FEEL_LIMIT_SIZE', { limit: String(this.limits.size) });
    }
    this.spend(size >>> 4);
  }

  warnAt(span: Span, code: string, values: MessageValues = {}): null {
    if (this.quiet > 0) return null;
    this.warnings ??= [];
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push({ code, values, from: span.from, to: span.to });
    return null;
  }

  warn(code: string, values: MessageValues = {}): null {
    return this.warnAt(this.position, code, values);
  }

  call(target: FeelFunction, args: FeelList): FeelValue {
    this.spend(1);
    if (this.depth >= this.limits.depth) {
      throw new EvaluationStopped('FEEL_LIMIT_DEPTH', { limit: String(this.limits.depth) });
    }
    this.depth += 1;
    const result = target.apply(args, this);
    this.depth -= 1;
    return result;
  }

  callNamed(target: FeelFunction, args: ReadonlyMap<string, FeelValue>): FeelValue {
    this.spend(1);
    if (this.depth >= this.limits.depth) {
      throw new EvaluationStopped('FEEL_LIMIT_DEPTH', { limit: String(this.limits.depth) });
    }
    this.depth += 1;
    const result = target.applyNamed === undefined ? null : target.applyNamed(args, this);
    this.depth -= 1;
    return result;
  }
}
