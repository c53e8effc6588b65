// The public check of a file. Nothing is kept, so there is no key against repetition.

import { call } from './client.ts';
import type { FileCheckView } from './contract.ts';

export function checkFile(file: File): Promise<FileCheckView> {
  const form = new FormData();
  form.append('file', file, file.name);
  return call('POST', '/api/validation', { form });
}
