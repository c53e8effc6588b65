// Recognises the cells that almost every decision table consists of: `-`, literals, comparisons, intervals, lists of them
// and `not(…)` around them. A recognised cell is data: it can be indexed, compared with other rows and explained without
// running FEEL. Everything else is opaque here and left to the FEEL compiler; recognising less is always safe.

export type Literal =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** ISO text of four-digit years: its order as text is its order in time. */
  | { readonly kind: 'date'; readonly value: string };

export type LiteralKind = Literal['kind'];

/** One bound is there at least; both have the same kind. */
export interface Interval {
  readonly low: Bound | null;
  readonly high: Bound | null;
}

export interface Bound {
  readonly literal: Literal;
  readonly isIncluded: boolean;
}

export type Cell =
  | { readonly kind: 'any' }
  | {
      readonly kind: 'tests';
      readonly isNegated: boolean;
      readonly tests: readonly Interval[];
      readonly of: LiteralKind;
    }
  | { readonly kind: 'opaque' };

const ANY: Cell = { kind: 'any' };
const OPAQUE: Cell = { kind: 'opaque' };

const NUMBER = /-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d{1,2})?/y;
const STRING = /"([^"\\]*)"/y;
const WORD = /(?:true|false)(?![\p{L}\p{N}_])/uy;
const DATE = /(?:@\s*|date\s*\(\s*)"(\d{4}-\d{2}-\d{2})"(\s*\))?/y;
const BLANK = /\s*/y;
/** Digits that a double holds exactly, so that comparing doubles is comparing the decimals of FEEL. */
const MAX_EXACT_DIGITS = 15;

export function readCell(text: string): Cell {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '-') return ANY;
  return new CellReader(trimmed).read();
}

/** The value of an output entry that is one plain literal; undefined when only FEEL can read it. */
export function readConstant(text: string): string | number | boolean | undefined {
  const cell = readCell(text);
  if (cell.kind !== 'tests' || cell.isNegated || cell.of === 'date') return undefined;
  const [test] = cell.tests;
  // A literal has one bound for both ends; an interval has two.
  const isLiteral = cell.tests.length === 1 && test !== undefined && test.low !== null && test.low === test.high;
  return isLiteral ? test.low.literal.value : undefined;
}

/** Whether a cell accepts a value of its own kind. */
export function acceptsValue(cell: Extract<Cell, { kind: 'tests' }>, value: Literal['value']): boolean {
  const isIn = cell.tests.some(({ low, high }) => isAbove(low, value) && isBelow(high, value));
  return isIn !== cell.isNegated;
}

const isAbove = (bound: Bound | null, value: Literal['value']): boolean =>
  bound === null || value > bound.literal.value || (bound.isIncluded && value === bound.literal.value);
const isBelow = (bound: Bound | null, value: Literal['value']): boolean =>
  bound === null || value < bound.literal.value || (bound.isIncluded && value === bound.literal.value);

class CellReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Cell {
    const inner = /^not\s*\(([\s\S]*)\)$/.exec(this.#text);
    if (inner !== null) {
      const cell = new CellReader((inner[1] ?? '').trim()).readTests(true);
      return cell ?? OPAQUE;
    }
    return this.readTests(false) ?? OPAQUE;
  }

  readTests(isNegated: boolean): Cell | null {
    const tests: Interval[] = [];
    for (;;) {
      const test = this.#readTest();
      if (test === null) return null;
      tests.push(test);
      this.#skipBlank();
      if (this.#at >= this.#text.length) break;
      if (!this.#take(',')) return null;
    }
    const kinds = new Set(tests.map(kindOf));
    const [of] = kinds;
    return kinds.size === 1 && of !== undefined ? { kind: 'tests', isNegated, tests, of } : null;
  }

  #readTest(): Interval | null {
    this.#skipBlank();
    for (const operator of ['<=', '>=', '<', '>'] as const) {
      if (this.#take(operator)) return this.#readComparison(operator);
    }
    const opening = this.#text[this.#at];
    if (opening === '[' || opening === '(' || opening === ']') return this.#readInterval(opening);
    const literal = this.#readLiteral();
    if (literal === null) return null;
    const bound = { literal, isIncluded: true };
    return { low: bound, high: bound };
  }

  #readComparison(operator: '<=' | '>=' | '<' | '>'): Interval | null {
    const literal = this.#readOrdered();
    if (literal === null) return null;
    const bound = { literal, isIncluded: operator.endsWith('=') };
    return operator.startsWith('<') ? { low: null, high: bound } : { low: bound, high: null };
  }

  #readInterval(opening: '[' | '(' | ']'): Interval | null {
    this.#at += 1;
    const low = this.#readOrdered();
    this.#skipBlank();
    if (low === null || !this.#take('..')) return null;
    const high = this.#readOrdered();
    this.#skipBlank();
    const closing = this.#text[this.#at];
    if (high === null || high.kind !== low.kind) return null;
    if (closing !== ']' && closing !== ')' && closing !== '[') return null;
    this.#at += 1;
    // An interval whose ends are the wrong way round means different things to different readers: FEEL decides.
    if (low.value > high.value) return null;
    return {
      low: { literal: low, isIncluded: opening === '[' },
      high: { literal: high, isIncluded: closing === ']' },
    };
  }

  /** Strings are ordered in FEEL too, but a model that does so is rare, and people mean something else by it. */
  #readOrdered(): Literal | null {
    const literal = this.#readLiteral();
    return literal !== null && (literal.kind === 'number' || literal.kind === 'date') ? literal : null;
  }

  #readLiteral(): Literal | null {
    this.#skipBlank();
    const string = this.#match(STRING);
    if (string !== null) return { kind: 'string', value: string[1] ?? '' };
    const word = this.#match(WORD);
    if (word !== null) return { kind: 'boolean', value: word[0] === 'true' };
    const date = this.#match(DATE);
    if (date !== null) return this.#dateOf(date);
    const number = this.#match(NUMBER);
    return number === null ? null : numberOf(number[0], this.#text.charAt(this.#at), this.#text.charAt(this.#at + 1));
  }

  #dateOf(found: RegExpExecArray): Literal | null {
    const value = found[1] ?? '';
    const isFunction = found[0].startsWith('date');
    if (isFunction !== (found[2] !== undefined)) return null;
    return isRealDate(value) ? { kind: 'date', value } : null;
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  #skipBlank(): void {
    this.#match(BLANK);
  }
}

const kindOf = ({ low, high }: Interval): LiteralKind | undefined => (low ?? high)?.literal.kind;

/** `1abc` or `1.2.3` is no number; `1..5` is one, followed by the dots of an interval. */
function numberOf(text: string, next: string, afterNext: string): Literal | null {
  if (/[\p{L}\p{N}_]/u.test(next) || (next === '.' && afterNext !== '.')) return null;
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '');
  if (digits.length > MAX_EXACT_DIGITS) return null;
  const value = Number(text);
  // -0 equals 0 in FEEL; one representation keeps maps and sorting simple.
  return { kind: 'number', value: value === 0 ? 0 : value };
}

function isRealDate(text: string): boolean {
  const [year, month, day] = text.split('-').map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}
