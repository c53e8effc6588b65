// The one door to pdf.js: loaded when the first PDF is shown, its worker and data come from our own build.
// The legacy build is taken because offices keep browsers longer than pdf.js supports them.

import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';

export type PdfJs = typeof import('pdfjs-dist/legacy/build/pdf.mjs');
export type { PDFDocumentLoadingTask, PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

let loading: Promise<PdfJs> | null = null;

export function loadPdfJs(): Promise<PdfJs> {
  loading ??= import('pdfjs-dist/legacy/build/pdf.mjs').then((pdfjs) => {
    pdfjs.GlobalWorkerOptions.workerSrc = workerUrl;
    return pdfjs;
  });
  // A chunk that failed to load once (network) may load the next time.
  loading.catch(() => (loading = null));
  return loading;
}

const RANGE_BYTES = 65_536;

/** No eval and no WebAssembly: both would need holes in the content security policy. */
export const openOptionsOf = (url: string) => ({
  url,
  withCredentials: true,
  rangeChunkSize: RANGE_BYTES,
  disableAutoFetch: true,
  disableStream: true,
  isEvalSupported: false,
  useWasm: false,
  cMapUrl: '/pdfjs/cmaps/',
  cMapPacked: true,
  standardFontDataUrl: '/pdfjs/standard_fonts/',
  wasmUrl: '/pdfjs/wasm/',
});
