// The types of the wire contract that the web app uses, in one place. Types only: nothing of the server is bundled.

import type {
  AgencyView,
  CaseFileView,
  ChangeBody,
  ChangeKind,
  ChangePreview,
  ChangeView,
  CompleteAnswer,
  DeliveryView,
  DocumentSummary,
  DocumentTypeView,
  DocumentView,
  DraftBody,
  ElementState,
  ErrorBody,
  HealthView,
  IncidentView,
  InstanceChange,
  InstanceList,
  InstanceQueue,
  InstanceState,
  InstanceSummary,
  InstanceView,
  LetterBody,
  LoginAnswer,
  LoginBody,
  PersonView,
  SessionView,
  SignatureCheckView,
  StepView,
  TaskAction,
  TaskInput,
  TaskView,
  TimelineEntry,
  VariableView,
  VersionView,
} from '../../../server/api/contract/index.ts';

export type {
  AgencyView,
  CaseFileView,
  ChangeBody,
  ChangeKind,
  ChangePreview,
  ChangeView,
  CompleteAnswer,
  DeliveryView,
  DocumentSummary,
  DocumentTypeView,
  DocumentView,
  DraftBody,
  ElementState,
  ErrorBody,
  HealthView,
  IncidentView,
  InstanceChange,
  InstanceList,
  InstanceQueue,
  InstanceState,
  InstanceSummary,
  InstanceView,
  LetterBody,
  LoginAnswer,
  LoginBody,
  PersonView,
  SessionView,
  SignatureCheckView,
  StepView,
  TaskAction,
  TaskInput,
  TaskView,
  TimelineEntry,
  VariableView,
  VersionView,
};

export type Direction = DocumentSummary['direction'];
export type Urgency = DocumentSummary['urgency'];
export type SigningCapacity = DraftBody['signingCapacity'];
export type Role = PersonView['roles'][number];
export type Pilot = NonNullable<SessionView['pilot']>;
export type Signature = DocumentView['signatures'][number];
export type SignatureFinding = SignatureCheckView['findings'][number];

export interface Items<T> {
  readonly items: readonly T[];
}
