// J and K move the focus through the rows of a list; Enter is the row's own link. Keys rest while text is typed,
// while an input method composes (Telex), and with modifiers, so that browser shortcuts keep working.

import { onScopeDispose, type Ref } from 'vue';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select') !== null);

/** Rows are the elements with `data-row` inside `list`. */
export function useListKeys(list: Readonly<Ref<HTMLElement | null>>): void {
  function moveBy(step: 1 | -1): void {
    const rows = [...(list.value?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    if (rows.length === 0) return;
    const current = rows.findIndex((row) => row === document.activeElement);
    const next =
      current === -1 ? (step === 1 ? 0 : rows.length - 1) : Math.min(Math.max(current + step, 0), rows.length - 1);
    rows[next]?.focus();
  }

  function onKeydown(keyEvent: KeyboardEvent): void {
    if (keyEvent.isComposing || keyEvent.ctrlKey || keyEvent.metaKey || keyEvent.altKey || isTyping(keyEvent.target))
      return;
    const key = keyEvent.key.toLowerCase();
    if (key !== 'j' && key !== 'k') return;
    keyEvent.preventDefault();
    moveBy(key === 'j' ? 1 : -1);
  }

  document.addEventListener('keydown', onKeydown);
  onScopeDispose(() => document.removeEventListener('keydown', onKeydown));
}
