// Words for the codes of the contract, and the tone (colour family) that goes with a state. A code that the
// catalogue does not know yet is shown as it is: an honest raw word is better than an empty chip.

import { useI18n } from 'vue-i18n';
import type { Direction, Urgency } from '../api/contract.ts';
import { spanOf } from './format.ts';

export type Tone = 'neutral' | 'info' | 'warning' | 'success' | 'danger';

const DOCUMENT_TONES: Readonly<Record<string, Tone>> = {
  draft: 'neutral',
  in_review: 'info',
  awaiting_signature: 'info',
  signed: 'info',
  numbered: 'info',
  sealed: 'info',
  dispatched: 'success',
  archived: 'success',
  cancelled: 'neutral',
  arrived: 'warning',
  accepted: 'info',
  registered: 'info',
  assigned: 'info',
  in_progress: 'info',
  completed: 'success',
  refused: 'danger',
};

const DELIVERY_TONES: Readonly<Record<string, Tone>> = {
  queued: 'neutral',
  sent: 'info',
  arrived: 'info',
  accepted: 'success',
  assigned: 'success',
  in_progress: 'success',
  completed: 'success',
  refused: 'danger',
  failed: 'danger',
};

export function useLabels() {
  const { t, te } = useI18n();
  const textOr = (key: string, fallback: string): string => (te(key, 'vi') ? t(key) : fallback);

  return {
    directionLabel: (direction: Direction): string => t(`direction.${direction}`),
    statusLabel: (direction: Direction, status: string): string => textOr(`status.${direction}.${status}`, status),
    statusTone: (status: string): Tone => DOCUMENT_TONES[status] ?? 'neutral',
    deliveryTone: (status: string): Tone => DELIVERY_TONES[status] ?? 'neutral',
    deliveryLabel: (status: string, fallback: string): string => textOr(`delivery.${status}`, fallback),
    urgencyLabel: (urgency: Urgency): string => t(`urgency.${urgency}`),
    roleLabel: (role: string): string => textOr(`role.${role}`, role),
    versionLabel: (kind: string): string => textOr(`versionKind.${kind}`, kind),
    agencyKindLabel: (kind: string): string => textOr(`agencyKind.${kind}`, kind),
    reasonLabel: (code: string): string => textOr(`refusalReason.${code}`, code),
    /** "còn 2 giờ" / "Quá hạn 2 giờ" */
    dueLabel: (dueAt: string, nowMs: number): string => {
      const leftMs = Date.parse(dueAt) - nowMs;
      const span = spanOf(leftMs);
      const text = t(`span.${span.unit}`, span.count);
      return leftMs < 0 ? t('due.overdueBy', { span: text }) : t('due.left', { span: text });
    },
  };
}
