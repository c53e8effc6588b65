// The metadata of a draft as a form: catalogues, values, what is missing. The body it makes is the contract's.

import { computed, reactive, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { listAgencies, listDocumentTypes, listPeople } from '../../../api/catalog.ts';
import type { DocumentView, DraftBody, SigningCapacity, Urgency } from '../../../api/contract.ts';
import type { FieldProblem } from '../../../components/ErrorSummary.vue';
import { useBusinessClock } from '../../../composables/useBusinessClock.ts';
import { useLoader } from '../../../composables/useLoader.ts';
import { useSession } from '../../../composables/useSession.ts';

export const CAPACITIES: readonly SigningCapacity[] = [
  'head',
  'on_behalf',
  'deputy',
  'by_order',
  'sub_delegated',
  'acting',
];
export const URGENCIES: readonly Urgency[] = ['normal', 'urgent', 'very_urgent', 'most_urgent'];
const MAX_SUBJECT_CHARS = 500;

const isCapacity = (value: string): value is SigningCapacity => CAPACITIES.some((capacity) => capacity === value);
const isUrgency = (value: string): value is Urgency => URGENCIES.some((urgency) => urgency === value);

async function loadCatalogues() {
  const [types, leaders, agencies] = await Promise.all([listDocumentTypes(), listPeople('leader'), listAgencies()]);
  return { types, leaders, agencies };
}

export function useDraftForm() {
  const { t } = useI18n();
  const { session } = useSession();
  const clock = useBusinessClock();
  const catalogues = useLoader(loadCatalogues);
  const values = reactive({
    documentTypeId: '',
    subject: '',
    urgency: 'normal',
    signerId: '',
    signingCapacity: '',
    recipientIds: [] as string[], // as: reactive would infer never[]
    dueOn: null as string | null, // as: filled later
  });
  const isDueUnreadable = ref(false);
  const problems = ref<readonly FieldProblem[]>([]);

  /** Fills the form from a stored draft. What the answer does not carry stays empty and has to be chosen. */
  function fill(document: DocumentView): void {
    values.documentTypeId = document.documentTypeId;
    values.subject = document.subject;
    values.urgency = document.urgency;
    values.recipientIds = document.recipients.map((recipient) => recipient.id);
    values.dueOn = document.dueOn;
    values.signerId = document.signerId ?? '';
    values.signingCapacity = document.signingCapacity ?? '';
  }

  function findProblems(): readonly FieldProblem[] {
    const rows: [string, boolean, string][] = [
      ['draft-type', values.documentTypeId === '', t('draft.problem.type')],
      ['draft-subject', values.subject.trim() === '', t('draft.problem.subject')],
      ['draft-subject', values.subject.trim().length > MAX_SUBJECT_CHARS, t('draft.problem.subjectLong')],
      ['draft-signer', values.signerId === '', t('draft.problem.signer')],
      ['draft-capacity', !isCapacity(values.signingCapacity), t('draft.problem.capacity')],
      ['draft-due', isDueUnreadable.value, t('common.dayUnreadable')],
      ['draft-due', values.dueOn !== null && values.dueOn < clock.today(), t('common.dayPast')],
      ['draft-recipients', values.recipientIds.length === 0, t('draft.problem.recipients')],
    ];
    return rows.filter(([, isWrong]) => isWrong).map(([fieldId, , text]) => ({ fieldId, text }));
  }

  /** The body to send, or null when something is missing (then `problems` says what). */
  function makeBody(): DraftBody | null {
    problems.value = findProblems();
    const { urgency, signingCapacity } = values;
    if (problems.value.length > 0 || !isUrgency(urgency) || !isCapacity(signingCapacity)) return null;
    return {
      documentTypeId: values.documentTypeId,
      subject: values.subject.trim().normalize('NFC'),
      urgency,
      secrecy: 'none',
      recipientIds: [...values.recipientIds],
      signerId: values.signerId,
      signingCapacity,
      dueOn: values.dueOn,
    };
  }

  return {
    catalogues,
    values,
    isDueUnreadable,
    problems,
    problemOf: (fieldId: string): string => problems.value.find((problem) => problem.fieldId === fieldId)?.text ?? '',
    fill,
    makeBody,
    /** The caller's own agency is no recipient of its own letter. */
    agencies: computed(() =>
      (catalogues.data.value?.agencies ?? []).filter((agency) => agency.id !== session.value?.agency.id),
    ),
    maxSubjectChars: MAX_SUBJECT_CHARS,
  };
}

export type DraftForm = ReturnType<typeof useDraftForm>;
