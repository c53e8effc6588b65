// Colour family of each state of a flow.

import type { InstanceState } from '../../api/contract.ts';
import type { Tone } from '../../composables/useLabels.ts';

export const INSTANCE_TONES: Readonly<Record<InstanceState, Tone>> = {
  active: 'info',
  suspended: 'warning',
  completed: 'success',
  terminated: 'neutral',
};
