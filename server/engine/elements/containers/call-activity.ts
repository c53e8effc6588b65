// The call activity asks for an instance of another process and waits for its end. The engine only records the
// request; the runtime finds the process, starts it and answers with complete-call or fail-call.

import assert from 'node:assert';
import { err, ok } from '../../../shared/result.ts';
import { extractText } from '../../expressions/extract.ts';
import { findExtension, readBinding, readBoolean, readValueSource } from '../../model/source.ts';
import { waitingActivity, waitingFor } from '../defaults.ts';
import type { ElementDefinition } from '../element-definition.ts';

export const callActivity: ElementDefinition = {
  ...waitingActivity,
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
        binding: readBinding(called),
      },
    };
  },
  activate: ({ element, key, context, locals, nextKey, callDepth, callDepthLimit }) => {
    assert(element.call !== null, `Call activity '${element.id}' was deployed without a called process`);
    const processId = extractText(element.call.processId, context);
    if (!processId.ok) return processId;
    if (callDepth >= callDepthLimit) {
      const message = `Expected at most ${callDepthLimit} calls inside each other; does '${processId.value}' call itself?`;
      return err({ errorType: 'CALLED_ELEMENT_ERROR', message });
    }
    return ok(
      waitingFor({
        type: 'call-requested',
        childInstanceKey: nextKey(),
        elementInstanceKey: key,
        elementId: element.id,
        processId: processId.value,
        binding: element.call.binding,
        callDepth: callDepth + 1,
        variables: element.call.propagateAllParentVariables ? context.scope.all() : locals,
      }),
    );
  },
};
