// The one door to bpmn-js: loaded when the first diagram is shown, so that a clerk's first page does not carry it.
// Marks are CSS classes on shapes and small HTML badges; what they mean is said in words beside the diagram as well.

export interface DiagramMark {
  /** Waits here now: so many times. */
  readonly active?: number;
  /** Stands still here: so many open incidents. */
  readonly incidents?: number;
  /** Has been here, so many times. */
  readonly done?: number;
}

export interface DiagramState {
  readonly marks: Readonly<Record<string, DiagramMark>>;
  readonly takenFlows: readonly string[];
  /** Shown with a frame; null: none. */
  readonly selectedId: string | null;
}

export interface DiagramProblem {
  readonly kind: 'unreadable' | 'no-diagram';
  readonly text: string;
}

/** What we use of bpmn-js; its own types leave services untyped. */
interface Canvas {
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  zoom(level?: 'fit-viewport' | number, center?: 'auto'): number;
  scrollToElement(id: string, paddingPx?: number): void;
}
interface Overlays {
  add(id: string, type: string, overlay: { position: Record<string, number>; html: HTMLElement }): string;
  clear(): void;
}
interface ElementRegistry {
  get(id: string): { readonly id: string; readonly type: string } | undefined;
}
interface EventBus {
  on(event: 'element.click', listener: (event: { element: { id: string; type: string } }) => void): void;
}
interface Viewer {
  importXML(xml: string): Promise<{ warnings: readonly string[] }>;
  get(name: 'canvas'): Canvas;
  get(name: 'overlays'): Overlays;
  get(name: 'elementRegistry'): ElementRegistry;
  get(name: 'eventBus'): EventBus;
  destroy(): void;
}

export interface DiagramView {
  show(state: DiagramState): void;
  fit(): void;
  zoomBy(factor: number): void;
  reveal(elementId: string): void;
  destroy(): void;
}

const MARKERS = { active: 'is-waiting', incidents: 'is-stuck', done: 'is-done' } as const;
const FLOW_MARKER = 'is-taken';
const SELECTED_MARKER = 'is-chosen';
/** Below this scale names cannot be read. */
const SMALLEST_READABLE = 0.55;
const READABLE = 0.8;
const NOT_CLICKABLE = /Process|Collaboration|Label$/;

/** Opens the diagram in `container`; answers a problem instead of throwing when the file cannot be drawn. */
export async function openDiagram(
  container: HTMLElement,
  xml: string,
  onSelect: (elementId: string | null) => void,
): Promise<DiagramView | DiagramProblem> {
  const [{ default: NavigatedViewer }] = await Promise.all([
    import('bpmn-js/lib/NavigatedViewer'),
    import('bpmn-js/dist/assets/diagram-js.css'),
    import('bpmn-js/dist/assets/bpmn-js.css'),
  ]);
  // bpmn-js declares `get` for any name as unknown; the services that we use are described above.
  const viewer = new NavigatedViewer({ container }) as unknown as Viewer;
  try {
    await viewer.importXML(xml);
  } catch (thrown) {
    viewer.destroy();
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return { kind: /no diagram/i.test(text) ? 'no-diagram' : 'unreadable', text };
  }
  viewer.get('eventBus').on('element.click', ({ element }) => {
    onSelect(NOT_CLICKABLE.test(element.type) ? null : element.id);
  });
  return viewOf(viewer);
}

function viewOf(viewer: Viewer): DiagramView {
  const canvas = viewer.get('canvas');
  const shown: [id: string, marker: string][] = [];
  const isSmall = canvas.zoom('fit-viewport', 'auto') < SMALLEST_READABLE;
  let isFirst = true;

  /** A flow that is too long to be read as a whole opens where it stands. */
  function openAt(marks: DiagramState['marks']): void {
    isFirst = false;
    const here = Object.entries(marks).find(([, { active = 0, incidents = 0 }]) => active + incidents > 0)?.[0];
    if (!isSmall || here === undefined || viewer.get('elementRegistry').get(here) === undefined) return;
    canvas.zoom(READABLE);
    canvas.scrollToElement(here, 200);
  }

  function mark(id: string, marker: string): void {
    // A version of the flow may have other elements than its instances remember.
    if (viewer.get('elementRegistry').get(id) === undefined) return;
    canvas.addMarker(id, marker);
    shown.push([id, marker]);
  }

  function badge(id: string, kind: keyof typeof MARKERS, count: number): void {
    const html = document.createElement('span');
    html.className = `diagram-badge ${MARKERS[kind]}`;
    html.textContent = String(count);
    const position = kind === 'active' ? { bottom: 12, left: -10 } : { top: -12, right: 12 };
    viewer.get('overlays').add(id, kind, { position, html });
  }

  return {
    show({ marks, takenFlows, selectedId }) {
      for (const [id, marker] of shown.splice(0)) canvas.removeMarker(id, marker);
      viewer.get('overlays').clear();
      for (const id of takenFlows) mark(id, FLOW_MARKER);
      for (const [id, { active = 0, incidents = 0, done = 0 }] of Object.entries(marks)) {
        if (viewer.get('elementRegistry').get(id) === undefined) continue;
        if (done > 0) mark(id, MARKERS.done);
        if (active > 0) mark(id, MARKERS.active);
        if (incidents > 0) mark(id, MARKERS.incidents);
        if (active > 0) badge(id, 'active', active);
        if (incidents > 0) badge(id, 'incidents', incidents);
      }
      if (selectedId !== null) mark(selectedId, SELECTED_MARKER);
      if (isFirst) openAt(marks);
    },
    fit: () => void canvas.zoom('fit-viewport', 'auto'),
    zoomBy: (factor) => void canvas.zoom(canvas.zoom() * factor),
    reveal(elementId) {
      if (viewer.get('elementRegistry').get(elementId) !== undefined) canvas.scrollToElement(elementId);
    },
    destroy: () => viewer.destroy(),
  };
}
