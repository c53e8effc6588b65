// Error codes of the audit module. It refuses nothing by itself: a broken chain is a finding, returned as a value.

import type { ErrorKind } from '../../shared/app-error.ts';

export const AUDIT_ERRORS: readonly { readonly code: string; readonly kind: ErrorKind }[] = [];
