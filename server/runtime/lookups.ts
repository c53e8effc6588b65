// What the core asks for while it decides and may not fetch itself: deployed forms and business calendars. The first
// question that has no answer yet ends the decision (LookupNeeded); the answer is loaded in the step's transaction and
// the decision is made again. So nothing is kept that could be old, and a step that asks nothing pays nothing.

import type { Binding, BusinessCalendar, DecideContext } from '../engine/index.ts';
import type { Key } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { Tx } from '../shared/transactions.ts';
import { findFormKey } from './store/forms.ts';

/** A calendar of the installation as it holds now; null for a name that it does not know. */
export type FindCalendar = (tx: Tx, name: string, now: Instant) => Promise<BusinessCalendar | null>;

type Question =
  | { readonly kind: 'form'; readonly formId: string; readonly binding: Binding }
  | { readonly kind: 'calendar'; readonly name: string };

export class LookupNeeded extends Error {
  readonly question: Question;
  constructor(question: Question) {
    super(`The decision needs to know ${JSON.stringify(question)}`);
    this.question = question;
  }
}

export interface LookupPlace {
  readonly tx: Tx;
  /** The definition that asks: forms may be bound to its deployment. */
  readonly definitionKey: Key;
  readonly now: Instant;
  readonly findCalendar: FindCalendar | undefined;
}

/** The answers that one decision has needed so far. */
export class Lookups {
  private readonly forms = new Map<string, Key | null>();
  private readonly calendars = new Map<string, BusinessCalendar | null>();

  get context(): Required<Pick<DecideContext, 'findForm' | 'findCalendar'>> {
    return {
      findForm: (formId, binding) => {
        const answer = this.forms.get(nameOf(formId, binding));
        if (answer === undefined) throw new LookupNeeded({ kind: 'form', formId, binding });
        return answer;
      },
      findCalendar: (name) => {
        const answer = this.calendars.get(name);
        if (answer === undefined) throw new LookupNeeded({ kind: 'calendar', name });
        return answer;
      },
    };
  }

  async load({ tx, definitionKey, now, findCalendar }: LookupPlace, question: Question): Promise<void> {
    if (question.kind === 'calendar') {
      this.calendars.set(question.name, (await findCalendar?.(tx, question.name, now)) ?? null);
      return;
    }
    const { formId, binding } = question;
    this.forms.set(nameOf(formId, binding), await findFormKey(tx, { formId, binding, definitionKey }));
  }
}

const nameOf = (formId: string, { kind, versionTag }: Binding): string => JSON.stringify([formId, kind, versionTag]);
