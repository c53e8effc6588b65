// An applier writes one kind of fact into the state. It decides nothing and reads no clock, no model and no
// expression, so that a state is always the fold of its events.

import type { EngineEvent } from '../../types.ts';
import type { Draft } from '../draft.ts';

export type EventOf<Type extends EngineEvent['type']> = Extract<EngineEvent, { readonly type: Type }>;
export type Applier<Type extends EngineEvent['type']> = (draft: Draft, event: EventOf<Type>) => void;

/** For facts that matter to history and to rows outside, but change nothing that the engine decides by. */
export const applyNothing = (): void => undefined;
