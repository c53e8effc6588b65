// Rule executable-process: a file without an executable process deploys nothing.

import type { Check } from './check.ts';

export const executableProcess: Check = (models) => {
  if (models.length > 0) return [];
  return [
    { rule: 'executable-process', elementId: null, message: 'The file has no process with isExecutable="true".' },
  ];
};
