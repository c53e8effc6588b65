// Opens the PDF behind an address and gives it up again. The document lives outside Vue's reactivity; of two
// openings only the later one counts.

import { onScopeDispose, readonly, ref, shallowRef, watch, type Ref } from 'vue';
import { loadPdfJs, openOptionsOf, type PDFDocumentLoadingTask, type PDFDocumentProxy } from './pdfjs.ts';

export type PdfProblem = 'missing' | 'not-a-pdf' | 'locked' | 'unreachable';

export function usePdfDocument(url: Readonly<Ref<string>>) {
  const pdf = shallowRef<PDFDocumentProxy | null>(null);
  const problem = ref<PdfProblem | null>(null);
  const isLoading = ref(false);
  let execution = 0;
  let task: PDFDocumentLoadingTask | null = null;

  function close(): void {
    void task?.destroy();
    task = null;
  }

  async function open(): Promise<void> {
    const mine = ++execution;
    isLoading.value = true;
    problem.value = null;
    const previous = task;
    try {
      const pdfjs = await loadPdfJs();
      if (mine !== execution) return;
      task = pdfjs.getDocument(openOptionsOf(url.value));
      const opened = await task.promise;
      if (mine !== execution) return;
      // The old file stays on screen until the new one can be drawn: no white gap when a version is added.
      pdf.value = opened;
      void previous?.destroy();
    } catch (thrown) {
      if (mine !== execution) return;
      pdf.value = null;
      void previous?.destroy();
      problem.value = problemOf(thrown);
    } finally {
      if (mine === execution) isLoading.value = false;
    }
  }

  watch(url, open, { immediate: true });
  onScopeDispose(() => {
    execution++;
    close();
  });

  return { pdf, problem: readonly(problem), isLoading: readonly(isLoading), reopen: open };
}

/** pdf.js names its exceptions; anything unnamed is a connection that broke. */
function problemOf(thrown: unknown): PdfProblem {
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'InvalidPDFException') return 'not-a-pdf';
  if (name === 'PasswordException') return 'locked';
  if (name !== 'ResponseException') return 'unreachable';
  return thrown instanceof Error && 'missing' in thrown && thrown.missing === true ? 'missing' : 'unreachable';
}
