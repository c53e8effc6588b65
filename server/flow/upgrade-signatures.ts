// Timestamps and evidence after the signature: one piece of work of the queue. The authority is asked with no transaction
// open and may take minutes; what it gives becomes a new version that begins with the signed file, byte for byte. Work that
// is done twice is harmless: a version that came meanwhile makes this attempt void (decision 0017).

import { loadVersion, recordExtended } from '../modules/documents/index.ts';
import {
  failUpgrade,
  findTimestampSource,
  finishUpgrade,
  hasLevel,
  leaseUpgrade,
  type LeasedUpgrade,
  loadTrust,
  repeatUpgrade,
  type SignatureLevel,
} from '../modules/signing/index.ts';
import { AppError } from '../shared/app-error.ts';
import type { FlowDeps } from './types.ts';

interface Progress {
  bytes: Uint8Array;
  level: SignatureLevel;
}

/** Works on the piece that waits longest. False when none is due. */
export async function upgradeNext(deps: FlowDeps): Promise<boolean> {
  const lease = await deps.transactions.run((tx) => leaseUpgrade(tx));
  if (lease === null) return false;
  const start = await deps.transactions.run(async (tx) => {
    const { version, bytes } = await loadVersion(tx, deps, lease.documentId);
    return {
      version,
      bytes,
      source: await findTimestampSource(tx, deps),
      trust: await loadTrust(tx, deps, deps.clock.now()),
    };
  });
  const progress: Progress = { bytes: start.bytes, level: 'B-B' };
  let problem: AppError | null = null;
  try {
    progress.level = deps.extender.levelOf(start.bytes);
    await climb(deps, lease, progress, start);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'bug') throw error;
    problem = error;
  }
  await store(deps, lease, {
    progress,
    problem,
    from: start.version.version,
    isChanged: progress.bytes !== start.bytes,
  });
  return true;
}

type Means = Parameters<FlowDeps['extender']['extend']>[2];

/** Step by step, so that a timestamp that was given is kept when the evidence does not come. */
async function climb(
  deps: FlowDeps,
  lease: LeasedUpgrade,
  progress: Progress,
  { source, trust }: { readonly source: Means['source'] | null; readonly trust: Means['trust'] },
): Promise<void> {
  if (source === null) {
    throw new AppError('transient', 'SIGNING_TSA_UNREACHABLE', 'No time-stamping authority is configured any more');
  }
  const steps = { 'B-B': 'B-T', 'B-T': 'B-LT', 'B-LT': 'B-LTA' } as const;
  while (progress.level !== 'B-LTA' && !hasLevel(progress.level, lease.target)) {
    const to = steps[progress.level];
    progress.bytes = await deps.extender.extend(progress.bytes, to, { trust, source, now: deps.clock.now() });
    progress.level = to;
  }
}

interface Outcome {
  readonly progress: Progress;
  readonly problem: AppError | null;
  readonly from: number;
  readonly isChanged: boolean;
}

/** What was reached is stored even when the rest failed. */
async function store(deps: FlowDeps, lease: LeasedUpgrade, outcome: Outcome): Promise<void> {
  const { progress, problem, from } = outcome;
  await deps.transactions.run(async (tx) => {
    const now = deps.clock.now();
    if (outcome.isChanged) {
      const extension = { from, bytes: progress.bytes, level: progress.level };
      if ((await recordExtended(tx, deps, lease.documentId, extension, now)) === null) {
        await repeatUpgrade(tx, lease, now);
        return;
      }
    }
    const failure = problem === null ? null : { reached: progress.level, code: problem.code };
    const isOurs =
      failure === null
        ? await finishUpgrade(tx, lease, progress.level, now)
        : await failUpgrade(tx, lease, failure, now);
    // Rolls the new version back: another worker has taken the work over and stores its own.
    if (!isOurs) throw new AppError('transient', 'SIGNING_UPGRADE_LEASE_LOST', 'The lease of the upgrade was lost');
  });
}
