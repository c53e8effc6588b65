// All descriptions.

export { elementInstances } from './element-instances.ts';
export { ERROR_TYPES, incidents, INCIDENT_STATES } from './incidents.ts';
export { jobs } from './jobs.ts';
export { correlatedSubscriptions, messageSubscriptions } from './messages.ts';
export { forms, resources } from './resources.ts';
export { processDefinitions } from './process-definitions.ts';
export { ELEMENT_STATES, INSTANCE_STATES, processInstances } from './process-instances.ts';
export { TASK_STATES, userTasks } from './user-tasks.ts';
export { cutVariables, fullVariables, variable } from './variables.ts';
export { auditLogs } from './audit-logs.ts';
export { batchItems, batchOperations } from './batches.ts';
export {
  errorsByDefinition,
  instancesByError,
  instancesByProcess,
  instancesByVersion,
  STATISTICS,
} from './statistics.ts';
export { waitStates } from './waits.ts';
export { decisionDefinitions, decisionInstance, decisionInstances, decisionRequirements } from './decisions.ts';
