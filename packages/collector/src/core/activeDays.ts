/** Counts who was active on each day of a period, and in the 7 and the 30 days that end with it, in one walk through all of it. */
import type { Activity } from '@earshot/metrics'

/** Distinct people, as `active` counts them. */
export interface ActiveDay {
  daily: number
  weekly: number
  monthly: number
}

/**
 * The counts of days, as `active` gives them of each by itself; all of the activity is looked at once, and not for each day.
 *
 * @param days ascending
 * @example
 * activeDays([{ person: 'a', day: 1 }, { person: 'b', day: 2 }], [2]) // [{ daily: 1, weekly: 2, monthly: 2 }]
 */
export function activeDays(activity: Iterable<Activity>, days: readonly number[]): ActiveDay[] {
  const people = new Map<number, Set<string>>()
  for (const { person, day } of activity) {
    const known = people.get(day)
    if (known) known.add(person)
    else people.set(day, new Set([person]))
  }
  const [daily, weekly, monthly] = [
    createWindow(people, 1),
    createWindow(people, 7),
    createWindow(people, 30),
  ]
  return days.map((day) => ({ daily: daily(day), weekly: weekly(day), monthly: monthly(day) }))
}

/** Counts the people of so many days that end with a day, which must not go back. */
function createWindow(
  people: ReadonlyMap<number, ReadonlySet<string>>,
  length: number,
): (day: number) => number {
  const counts = new Map<string, number>()
  let last: number | null = null
  return (day) => {
    for (let each: number = last === null ? day - length + 1 : last + 1; each <= day; each++) {
      for (const person of people.get(each) ?? []) counts.set(person, (counts.get(person) ?? 0) + 1)
      // Before the first day nobody was counted.
      if (last === null) continue
      for (const person of people.get(each - length) ?? []) {
        const left = (counts.get(person) ?? 0) - 1
        if (left > 0) counts.set(person, left)
        else counts.delete(person)
      }
    }
    last = day
    return counts.size
  }
}
