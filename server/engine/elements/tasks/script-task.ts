// The script task evaluates FEEL in the engine (`zeebe:script`); scripts of other languages are jobs.

import { ok } from '../../../shared/result.ts';
import { extractJson } from '../../expressions/extract.ts';
import { findExtension, readFeel, readText } from '../../model/source.ts';
import { doneWith } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';
import { jobActivity } from './job.ts';

export const scriptTask: ElementDefinition = {
  ...jobActivity,
  kind: 'scriptTask',
  bpmnType: 'bpmn:ScriptTask',
  isPassThrough: (element) => element.script !== null,
  read: (source) => {
    const script = findExtension(source, 'zeebe:Script');
    const expression = script === null ? null : readFeel(script, 'expression');
    if (script === null || expression === null) return jobActivity.read(source);
    return { script: { expression, resultVariable: readText(script, 'resultVariable') ?? '' } };
  },
  activate: (input) => {
    const { script } = input.element;
    if (script === null) return jobActivity.activate(input);
    const value = extractJson(script.expression, input.context);
    return value.ok ? ok(doneWith({ [script.resultVariable]: value.value })) : value;
  },
};
