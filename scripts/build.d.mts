// Types of build.mjs for the tests that start real servers.

/** Builds what is out of date; throws with a message for a person when a part cannot be built. */
export function buildIfNeeded(options?: { readonly log?: (line: string) => void }): Promise<void>;
