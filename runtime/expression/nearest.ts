/** A word may have one wrong letter for each so many letters; with more it is another word. */
const LETTERS_PER_SLIP = 3;

/**
 * The candidate that `word` most likely means: one that begins with it, or the nearest by edit distance, ignoring
 * case. `null` when none is near; the first of two equally near ones.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const wanted = word.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / LETTERS_PER_SLIP));
  let best: string | null = null;
  let bestDistance = limit + 1;
  let begun: string | null = null;
  for (const candidate of candidates) {
    const name = candidate.toLowerCase();
    // Words are at least as far apart as their lengths: no long word is compared letter by letter with all names.
    const isFar = Math.abs(name.length - wanted.length) >= bestDistance;
    const distance = isFar ? Infinity : editDistance(wanted, name);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
    if (wanted.length >= 2 && name.startsWith(wanted)) begun ??= candidate;
  }
  return begun ?? best;
}

/**
 * Letters to insert, delete, replace or swap with their neighbour to turn `a` into `b` (optimal string alignment).
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        next[j] = Math.min(next[j], before[j - 2] + 1);
      }
    }
    before = row;
    row = next;
  }
  return row[b.length];
}
