// Public face of the read model inside the runtime.

export { createProjector, type Projector } from './projector.ts';
