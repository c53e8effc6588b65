// Routes of signing: the ways to sign a task, sessions for keys in the browser or on the person's own machine, devices of
// the server, and what was put aside.

import { call } from './client.ts';
import type {
  BatchAnswer,
  Items,
  OpenSessionBody,
  QuarantineView,
  SigningOptionsView,
  SigningPlacesBody,
  SigningSessionView,
} from './contract.ts';

export const getSigningOptions = (taskKey: string): Promise<SigningOptionsView> =>
  call('GET', `/api/signing/tasks/${encodeURIComponent(taskKey)}`);

export const openSigningSession = (body: OpenSessionBody): Promise<SigningSessionView> =>
  call('POST', '/api/signing/sessions', { body });

export const answerSigningSession = (sessionId: string, signature: string): Promise<SigningSessionView> =>
  call('POST', `/api/signing/sessions/${encodeURIComponent(sessionId)}/signature`, { body: { signature } });

export const cancelSigningSession = (sessionId: string): Promise<SigningSessionView> =>
  call('POST', `/api/signing/sessions/${encodeURIComponent(sessionId)}/cancel`);

export const signWithToken = (body: {
  readonly taskKey: string;
  readonly pin: string;
  readonly places?: SigningPlacesBody;
}): Promise<SigningSessionView> => call('POST', '/api/signing/token', { body });

export const signBatch = (taskKeys: readonly string[], pin: string): Promise<BatchAnswer> =>
  call('POST', '/api/signing/batches', { body: { taskKeys, provider: 'server-key', pin } });

export const listQuarantined = async (): Promise<readonly QuarantineView[]> =>
  (await call<Items<QuarantineView>>('GET', '/api/signing/quarantine')).items;

export const handleQuarantined = (id: string): Promise<void> =>
  call('POST', `/api/signing/quarantine/${encodeURIComponent(id)}/handled`);
