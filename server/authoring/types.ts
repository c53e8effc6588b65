// The words of the authoring package: what a checker, a describer and a comparer say to people who draw flows. Every
// sentence exists in Vietnamese and English. Plain data: it crosses from a web worker or over HTTP as it is.

export interface Text {
  readonly vi: string;
  readonly en: string;
}

/** An error stops publishing, a warning does not. */
export type Severity = 'error' | 'warning';

export interface Problem {
  readonly ruleId: string;
  readonly severity: Severity;
  /** Absent when the file as a whole is meant. */
  readonly elementId?: string;
  readonly resource: string;
  readonly message: Text;
  /** "Cách sửa": what to do about it. */
  readonly fix: Text;
  /** For `applyFix`; absent when only a person can decide. */
  readonly fixId?: string;
}

export interface Resource {
  readonly name: string;
  /** BPMN, DMN or a form as text. */
  readonly content: string;
}

/** The catalogues of the installation. A list that is absent is not checked against, so that the canvas works offline. */
export interface FlowContext {
  /** Roles that exist in every agency in scope. */
  readonly roles?: readonly string[];
  /** Codes of the document types that are valid on the effective date. */
  readonly documentTypes?: readonly string[];
  readonly jobTypes?: readonly string[];
  /** Screens without the `tram:` in front. */
  readonly formRefs?: readonly string[];
  readonly calendars?: readonly string[];
  readonly messageKinds?: readonly MessageKind[];
  /** Processes that are deployed already; those of the same resources are known anyway. */
  readonly processIds?: readonly string[];
}

export interface MessageKind {
  readonly name: string;
  /** Sent by another agency: nobody here can make it come. */
  readonly isExternal: boolean;
}

/** What the canvas does through its command stack, and `applyOperations` does to a file. */
export type FixOperation =
  | { readonly op: 'setDefault'; readonly elementId: string; readonly flowId: string }
  | { readonly op: 'setName'; readonly elementId: string; readonly name: string }
  | { readonly op: 'setCondition'; readonly flowId: string; readonly expression: string | null }
  | {
      /** Replaces the extension element of this type, or adds it. */
      readonly op: 'setExtension';
      readonly elementId: string;
      readonly type: string;
      readonly attributes: Readonly<Record<string, string>>;
    }
  | {
      readonly op: 'addBoundaryTimer';
      readonly elementId: string;
      readonly newId: string;
      readonly name: string;
      readonly duration: string;
      readonly isInterrupting: boolean;
    }
  | { readonly op: 'addEndEvent'; readonly elementId: string; readonly newId: string; readonly name: string }
  | { readonly op: 'addFlow'; readonly newId: string; readonly sourceId: string; readonly targetId: string }
  | { readonly op: 'removeElement'; readonly elementId: string };
