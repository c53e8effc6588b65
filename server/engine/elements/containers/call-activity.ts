// The call activity asks for an instance of another process and waits for its end. The engine only records the
// request; the runtime finds the process, starts it and answers with complete-call or fail-call.

import assert from 'node:assert';
import { ok } from '../../../shared/result.ts';
import { extractText } from '../../expressions/extract.ts';
import { findExtension, readBoolean, readValueSource } from '../../model/source.ts';
import { waiting, waitingFor } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const callActivity: ElementDefinition = {
  ...waiting,
  kind: 'callActivity',
  bpmnType: 'bpmn:CallActivity',
  read: (source) => {
    const called = findExtension(source, 'zeebe:CalledElement');
    const processId = called === null ? null : readValueSource(called, 'processId');
    if (called === null || processId === null) return {};
    return {
      call: {
        processId,
        propagateAllParentVariables: readBoolean(called, 'propagateAllParentVariables', true),
        propagateAllChildVariables: readBoolean(called, 'propagateAllChildVariables', true),
      },
    };
  },
  activate: ({ element, key, context, locals, nextKey }) => {
    assert(element.call !== null, `Call activity '${element.id}' was deployed without a called process`);
    const processId = extractText(element.call.processId, context);
    if (!processId.ok) return processId;
    return ok(
      waitingFor({
        type: 'call-requested',
        childInstanceKey: nextKey(),
        elementInstanceKey: key,
        elementId: element.id,
        processId: processId.value,
        variables: element.call.propagateAllParentVariables ? context.scope.all() : locals,
      }),
    );
  },
};
