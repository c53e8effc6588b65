// Routes of the operators' pages: instances of the own agency, one of them, preview and execution of a change.

import { call, withQuery } from './client.ts';
import type {
  ChangeBody,
  ChangePreview,
  InstanceChange,
  InstanceList,
  InstanceQueue,
  InstanceView,
} from './contract.ts';

export interface InstanceFilter {
  readonly queue: InstanceQueue;
  readonly processId?: string | undefined;
  readonly after?: string | undefined;
}

const pathOf = (key: string): string => `/api/operations/instances/${encodeURIComponent(key)}`;

export const listInstances = (filter: InstanceFilter, signal: AbortSignal): Promise<InstanceList> =>
  call('GET', withQuery('/api/operations/instances', { ...filter }), { signal });

export const getInstance = (key: string, signal: AbortSignal): Promise<InstanceView> =>
  call('GET', pathOf(key), { signal });

export const previewChange = (key: string, change: InstanceChange): Promise<ChangePreview> =>
  call('POST', `${pathOf(key)}/previews`, { body: { change } });

export const applyChange = (key: string, body: ChangeBody, idempotencyKey: string): Promise<void> =>
  call('POST', `${pathOf(key)}/changes`, { body, idempotencyKey });
