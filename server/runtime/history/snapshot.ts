// Arithmetic of PostgreSQL snapshots in text form, `xmin:xmax:xip,…`: a transaction is visible when it is below xmax
// and not in the list of those in progress.

export interface SnapshotParts {
  readonly xmax: bigint;
  readonly inProgress: readonly bigint[];
}

export function snapshotOf(text: string): SnapshotParts {
  const [, xmax = '3', list = ''] = text.split(':');
  return { xmax: BigInt(xmax), inProgress: list === '' ? [] : list.split(',').map(BigInt) };
}

/**
 * The snapshot in which exactly these are visible: what is visible in `applied`, and what is visible in `current` up to
 * the transaction `upTo`. `upTo` must not be below the end of `applied`; then one list of gaps says it all.
 */
export function joinSnapshot(applied: string, current: string, upTo: bigint): string {
  const now = snapshotOf(current);
  const end = upTo + 1n < now.xmax ? upTo + 1n : now.xmax;
  const xmax = end > snapshotOf(applied).xmax ? end : snapshotOf(applied).xmax;
  const gaps = now.inProgress.filter((id) => id < xmax);
  return `${gaps[0] ?? xmax}:${xmax}:${gaps.join(',')}`;
}
