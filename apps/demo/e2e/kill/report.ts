/** What the rounds of the kill test come to: sums for each product and scenario, and a table of them. */
import type { Product } from './products.ts'
import type { Outcome, Scenario } from './round.ts'

export interface Sum {
  product: string
  scenario: string
  rounds: number
  accepted: number
  lost: number
  /** Not there in time, and still on the device. */
  late: number
  duplicated: number
  again: number
  posts: number
  early: number
}

/** The sums of all rounds of one product in one scenario, for each that has some. */
export function sums(outcomes: readonly Outcome[]): Sum[] {
  const found = new Map<string, Sum>()
  for (const each of outcomes) {
    const { product, scenario } = each
    const none = { rounds: 0, accepted: 0, lost: 0, late: 0, duplicated: 0, again: 0, posts: 0, early: 0 }
    const sum = found.get(`${product} ${scenario}`) ?? { product, scenario, ...none }
    sum.rounds++
    sum.accepted += each.accepted
    sum.lost += each.lost.length - each.kept
    sum.late += each.kept
    sum.duplicated += each.duplicated.length
    sum.again += each.again
    sum.posts += each.posts
    sum.early += each.early
    found.set(`${product} ${scenario}`, sum)
  }
  return [...found.values()]
}

/** What was lost of what was accepted, and what was duplicated if anything was. */
const cell = (sum: Sum | undefined): string => {
  if (!sum) return '–'
  const twice = sum.duplicated ? `, ${sum.duplicated} twice` : ''
  const late = sum.late ? `, ${sum.late} late` : ''
  return `${sum.lost} of ${sum.accepted}${late}${twice}`
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** Scenarios down, products across. */
export function tableOf(
  all: readonly Sum[],
  products: readonly Product[],
  scenarios: readonly Scenario[],
): string {
  const present = products.filter(({ id }) => all.some((each) => each.product === id))
  const of = (product: string, scenario: string): Sum | undefined =>
    all.find((each) => each.product === product && each.scenario === scenario)
  const total = (
    product: string,
    field: 'accepted' | 'lost' | 'late' | 'duplicated' | 'again' | 'early' | 'rounds',
  ) => String(all.filter((each) => each.product === product).reduce((sum, each) => sum + each[field], 0))
  const row = (name: string, field: Parameters<typeof total>[1]): string =>
    line([name, ...present.map(({ id }) => total(id, field))])
  return [
    line(['lost of accepted', ...present.map(({ label }) => label)]),
    line(['---', ...present.map(() => '---')]),
    ...scenarios.map(({ id, label }) => line([label, ...present.map((product) => cell(of(product.id, id)))])),
    row('**accepted**', 'accepted'),
    row('**lost**', 'lost'),
    row('late: still on the device', 'late'),
    row('**duplicated**', 'duplicated'),
    row('sent once more with the same id', 'again'),
    row('requests before Retry-After was over', 'early'),
    row('rounds', 'rounds'),
  ].join('\n')
}
