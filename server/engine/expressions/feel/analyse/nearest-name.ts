// The known name that somebody most likely meant: the fewest changed characters, and not more than every third.

const MAX_CANDIDATES = 2_000;
const MAX_LENGTH = 60;

/** null when nothing known is near. */
export function findNearestName(name: string, candidates: Iterable<string>): string | null {
  const wanted = foldName(name);
  if (wanted.length > MAX_LENGTH) return null;
  let best: { readonly name: string; readonly distance: number } | null = null;
  let looked = 0;
  for (const candidate of candidates) {
    looked += 1;
    if (looked > MAX_CANDIDATES) break;
    const folded = foldName(candidate);
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, folded.length) / 3));
    if (candidate === name || folded.length > MAX_LENGTH || Math.abs(folded.length - wanted.length) > allowed) continue;
    const distance = distanceBetween(wanted, folded);
    if (distance <= allowed && (best === null || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name ?? null;
}

/** Case, blanks and Vietnamese marks are what people get wrong first. */
const foldName = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .replace(/[\s_-]/g, '')
    .toLowerCase();

/** Insertions, deletions, replacements and exchanged neighbours. */
function distanceBetween(a: string, b: string): number {
  let before: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      let least = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isExchanged = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isExchanged) least = Math.min(least, (before[column - 2] ?? 0) + 1);
      current.push(least);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
