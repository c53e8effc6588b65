// All deploy-time checks, in the order in which their findings are shown. Adding one: a file, a row, a paragraph in
// docs/checks.md and a test (test/engine/checks.unit.test.ts fails for a rule without a paragraph).

import { boundaryAttachment } from './boundary-attachment.ts';
import { calledProcess } from './called-process.ts';
import { cancelEvents } from './cancel-events.ts';
import type { Check } from './check.ts';
import { compensation } from './compensation.ts';
import { connectedFlows } from './connected-flows.ts';
import { defaultFlow } from './default-flow.ts';
import { errorCodes } from './error-codes.ts';
import { eventDefinition } from './event-definition.ts';
import { eventGateway } from './event-gateway.ts';
import { executableProcess } from './executable-process.ts';
import { gatewayConditions } from './gateway-conditions.ts';
import { jobType } from './job-type.ts';
import { lateHandling } from './late-handling.ts';
import { linkEvents } from './link-events.ts';
import { listeners } from './listeners.ts';
import { mappingTargets } from './mapping-targets.ts';
import { messageSubscription } from './message-subscription.ts';
import { multiInstanceCollection } from './multi-instance-collection.ts';
import { noEndlessLoop } from './no-endless-loop.ts';
import { singleStartEvent } from './single-start-event.ts';
import { standardLoop } from './standard-loop.ts';
import { supportedElements } from './supported-elements.ts';
import { timerDefinition } from './timer-definition.ts';
import { tokenQuantities } from './token-quantities.ts';
import { uniqueIds } from './unique-ids.ts';
import { validExpressions } from './valid-expressions.ts';

export const CHECKS: readonly Check[] = [
  executableProcess,
  uniqueIds,
  supportedElements,
  singleStartEvent,
  connectedFlows,
  defaultFlow,
  gatewayConditions,
  jobType,
  calledProcess,
  eventDefinition,
  timerDefinition,
  messageSubscription,
  boundaryAttachment,
  errorCodes,
  linkEvents,
  compensation,
  cancelEvents,
  eventGateway,
  standardLoop,
  tokenQuantities,
  lateHandling,
  listeners,
  multiInstanceCollection,
  mappingTargets,
  validExpressions,
  noEndlessLoop,
];
