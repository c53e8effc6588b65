// `zeebe:formDefinition formId`: a form that is deployed beside the processes, of a user task or of a start event.

import type { LinkedForm } from '../types.ts';
import { findExtension, readBinding, readText, type SourceElement } from './source.ts';

export function readLinkedForm(source: SourceElement): LinkedForm | null {
  const definition = findExtension(source, 'zeebe:FormDefinition');
  const formId = definition === null ? null : readText(definition, 'formId');
  return definition === null || formId === null ? null : { formId, binding: readBinding(definition) };
}
