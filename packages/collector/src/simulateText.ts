/** Prints what a simulation counted: a table of the surveys, and how many people are asked how often. */

/** What the SDK's `simulateVisitors` counts for one survey, as far as it is printed. */
export interface SurveyCounts {
  survey: string
  asked: number
  people: number
  completed: number
  partial: number
  dismissed: number
  snoozed: number
  ignored: number
  /** Visitors who were never asked it, by the reason. */
  neverAsked: Readonly<Record<string, number>>
}

/** What it counts over all, as far as it is printed. */
export interface Totals {
  visitors: number
  days: number
  seed: number
  visits: number
  pageViews: number
  surveys: readonly SurveyCounts[]
  asksPerPerson: readonly number[]
  mostIn30Days: number
  firstAskByDay: readonly number[]
}

/** Bars of the histogram are so wide at most. */
const widest = 40
/** More numbers of asks than that share the last bar. */
const mostBars = 25
/** So many reasons are told of each survey. */
const mostReasons = 3

const count = (value: number): string => value.toLocaleString('en')
const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`

/**
 * The whole report.
 *
 * @param version of the SDK that simulated
 * @param quotas of the surveys that have one, by id: places are not simulated, so a result above them is pointed out
 */
export function simulationText(
  totals: Totals,
  version: string | undefined,
  quotas: ReadonlyMap<string, number>,
): string {
  const { visitors, days, seed, visits, pageViews } = totals
  const engine = version === undefined ? '' : `, by SDK ${version}`
  const head = `${count(visitors)} synthetic visitors for ${count(days)} days, seed ${seed}${engine}: ${count(visits)} visits, ${count(pageViews)} page views\n`
  return [head, surveyTable(totals), quotaNotes(totals, quotas), histogram(totals), moments(totals)]
    .filter((part) => part !== '')
    .join('\n')
}

function surveyTable({ surveys, visitors }: Totals): string {
  const header = ['survey', 'asked', 'people', 'of visitors', 'answered', 'dismissed', 'ignored']
  const rows = surveys.map((each) => {
    const answered = each.completed + each.partial
    return [
      each.survey,
      count(each.asked),
      count(each.people),
      share(each.people, visitors),
      `${count(answered)} (${share(answered, each.asked)})`,
      count(each.dismissed + each.snoozed),
      count(each.ignored),
    ]
  })
  const widths = header.map((title, column) =>
    Math.max(...[header, ...rows].map((row) => (row[column] ?? title).length)),
  )
  const line = (cells: readonly string[], last: string): string =>
    `${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}  ${last}`.trimEnd() +
    '\n'
  const reasons = surveys.map(({ neverAsked }) =>
    Object.entries(neverAsked)
      .sort((a, b) => b[1] - a[1])
      .slice(0, mostReasons)
      .map(([reason, people]) => `${reason} ${count(people)}`)
      .join(', '),
  )
  return (
    line(header, 'people never asked, by the reason') +
    rows.map((row, index) => line(row, reasons[index] || '–')).join('')
  )
}

function quotaNotes({ surveys }: Totals, quotas: ReadonlyMap<string, number>): string {
  return surveys
    .flatMap(({ survey, completed }) => {
      const quota = quotas.get(survey)
      return quota !== undefined && completed > quota
        ? `"${survey}" has a quota of ${count(quota)}: it would be full before the end. Everybody got a place here.\n`
        : []
    })
    .join('')
}

function histogram({ asksPerPerson, visitors }: Totals): string {
  const shown = asksPerPerson.slice(0, mostBars)
  const rest = asksPerPerson.slice(mostBars).reduce((sum, each) => sum + each, 0)
  const bars = shown.map((people, asks) => [String(asks), people] as const)
  if (rest > 0) bars.push([`${mostBars}+`, rest])
  const most = Math.max(1, ...bars.map(([, people]) => people))
  const lines = bars.map(([asks, people]) => {
    const bar = '█'.repeat(Math.ceil((people / most) * widest)).padEnd(widest)
    return `${asks.padStart(6)} ${bar} ${count(people).padStart(9)} ${share(people, visitors).padStart(8)}\n`
  })
  return `Asks per person\n${lines.join('')}`
}

function moments({ mostIn30Days, firstAskByDay, visitors }: Totals): string {
  const most = `Most asks that anybody gets within 30 days: ${count(mostIn30Days)}\n`
  const asked = firstAskByDay.reduce((sum, each) => sum + each, 0)
  if (asked === 0) return most
  const dayBy = (part: number): number => {
    let sum = 0
    return firstAskByDay.findIndex((each) => (sum += each) >= part * asked) + 1
  }
  return `${most}First ask of the ${count(asked)} who are asked (${share(asked, visitors)}): half by day ${dayBy(0.5)}, nine in ten by day ${dayBy(0.9)}\n`
}
