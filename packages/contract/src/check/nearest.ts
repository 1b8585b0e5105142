/** The known name that somebody meant who wrote another. */

/**
 * The known name that is most alike, if any is close enough to be a slip of the pen: an edit distance of at most 2, or
 * a third of the length of a longer name; 1 of a name of three letters. Names of more than 64 characters get no
 * suggestion.
 *
 * @example
 * nearestName('targetting', ['targeting', 'triggers']) // 'targeting'
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  // Names come from outside, and the distance takes time by the square of their length.
  if (name.length > 64) return undefined
  let least = (name.length > 3 ? Math.max(2, Math.floor(name.length / 3)) : 1) + 1
  let nearest: string | undefined
  for (const each of known) {
    if (each === name || Math.abs(each.length - name.length) >= least) continue
    const distance = editDistance(name.toLowerCase(), each.toLowerCase())
    if (distance >= least) continue
    least = distance
    nearest = each
  }
  return nearest
}

/** Letters to add, to take away, to change or to swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
      )
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      next.push(cost)
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
