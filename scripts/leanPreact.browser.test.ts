import fc from 'fast-check'
import { h as wholeH, render as wholeRender, type ComponentChild } from 'preact'
import { describe, expect, it } from 'vitest'
import { h as leanH, render as leanRender } from '../node_modules/preact/src/index.js'

const numRuns = Number(import.meta.env['EARSHOT_RUNS'] ?? 200)
const seed = Number(import.meta.env['EARSHOT_SEED'] ?? 1)

/** What may be drawn, as values from which either Preact makes its own vnodes. */
type Tree = string | number | boolean | null | undefined | Tree[] | Drawn
interface Drawn {
  tag: string
  attributes: Readonly<Record<string, unknown>>
  children: readonly Tree[]
}
/** What somebody does on the page between two drawings. */
interface Deed {
  at: number
  value: string
  checked: boolean
}

/** What the lean one draws where an array is among children: those of the array in its place. */
const flat = (children: readonly Tree[]): Tree[] =>
  children.flatMap((child) => (Array.isArray(child) ? flat(child) : [child]))

/**
 * As far as the two agree: one sets an attribute where the other sets the field of the same name, so that one is there or
 * not, and has no text or none of its own.
 */
const attributesOf = (node: Element, typed: boolean): string[] =>
  [...node.attributes]
    .filter(({ name, value }) => value !== '' && (typed || name !== 'value'))
    .map(({ name, value }) => `${name}=${value}`)
    .concat(
      (node as HTMLInputElement).disabled ? 'disabled' : '',
      (node as HTMLElement).hidden ? 'hidden' : '',
    )
    .filter((text) => text !== '' && !/^(hidden|disabled)=/.test(text))
    .toSorted()

/**
 * One Preact with a shadow root of its own, and all that can be seen of it.
 *
 * @param prepare what is done to children before it gets them
 * @param sameNodes whether it is also looked at which nodes are those of before, with what is typed in them
 */
function createStage(
  h: typeof wholeH,
  render: typeof wholeRender,
  prepare = (children: readonly Tree[]): readonly Tree[] => children,
  sameNodes = true,
) {
  const host = document.createElement('div')
  document.body.append(host)
  const root = host.attachShadow({ mode: 'open' })
  // A link that was clicked would leave the test.
  root.addEventListener('click', (event) => {
    if ((event.target as Element).closest('a')) event.preventDefault()
  })
  const heard: string[] = []
  /** Which node is the same as before: a new one would lose what is typed in it, and the focus. */
  const numbers = new WeakMap<Node, number>()
  let count = 0
  const numberOf = (node: Node): number => {
    const number = numbers.get(node) ?? count++
    numbers.set(node, number)
    return number
  }
  const handler = (name: unknown) => (event: Event) => heard.push(`${String(name)} ${event.type}`)
  const vnodeOf = (tree: Tree): ComponentChild => {
    if (Array.isArray(tree)) return tree.map(vnodeOf)
    if (typeof tree !== 'object' || tree === null) return tree
    const attributes = Object.entries(tree.attributes).map(([name, value]) => [
      name,
      name.startsWith('on') && value !== undefined && value !== false ? handler(value) : value,
    ])
    return h(tree.tag, Object.fromEntries(attributes) as never, ...prepare(tree.children).map(vnodeOf))
  }
  const seen = (node: Node): unknown => {
    const number = sameNodes && numberOf(node)
    const children = [...node.childNodes].map(seen)
    if (!(node instanceof Element)) return [number, node.nodeName, node.nodeValue, children]
    const { value, checked, disabled, hidden, tabIndex } = node as HTMLInputElement
    const typed = sameNodes && { value, checked }
    const { namespaceURI, localName } = node
    return [
      number,
      namespaceURI,
      localName,
      attributesOf(node, sameNodes),
      typed,
      { disabled, hidden, tabIndex },
      children,
    ]
  }
  return {
    root,
    draw: (tree: Tree): void => render(vnodeOf(tree), root),
    seen: (): unknown => seen(root),
    /** Types, points and clicks at everything. */
    use({ at, value, checked }: Deed): string[] {
      heard.length = 0
      const inputs = [...root.querySelectorAll<HTMLInputElement>('input,textarea')]
      const input = inputs[at % inputs.length]
      if (input) {
        input.value = value
        input.checked = checked
        input.dispatchEvent(new InputEvent('input', { bubbles: true }))
      }
      for (const element of root.querySelectorAll('*'))
        element.dispatchEvent(new PointerEvent('click', { bubbles: true, cancelable: true }))
      return [...heard]
    },
    leave: (): void => host.remove(),
  }
}

const word = fc.constantFrom('', 'a', 'b', 'two words', '<i>')
const handler = fc.constantFrom<unknown>('first', 'second')
const key = fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5', 'k6')
const plain = {
  class: word,
  id: word,
  title: fc.option(word),
  hidden: fc.boolean(),
  tabIndex: fc.constantFrom(-1, 0, null, undefined),
  role: fc.constantFrom('status', 'radiogroup', undefined),
  dir: fc.constantFrom('ltr', 'rtl'),
  'aria-label': fc.option(word),
  'aria-invalid': fc.constantFrom<unknown>(true, false, undefined, 'true'),
  'data-at': fc.integer({ min: 0, max: 3 }),
  onClick: handler,
}
const control = {
  ...plain,
  name: word,
  value: fc.constantFrom<unknown>('', 'x', 7, 0, undefined, null),
  disabled: fc.boolean(),
  onInput: handler,
}
const shape = {
  viewBox: fc.constant('0 0 24 24'),
  class: word,
  'aria-hidden': fc.constantFrom('true', undefined),
  transform: fc.constantFrom('matrix(1 0 0 -1 0 24)', undefined),
  d: fc.constantFrom('M0 0h9', 'M0 0v9'),
  onClick: handler,
}
/** Each attribute is there or not. */
const some = (of: Record<string, fc.Arbitrary<unknown>>) => fc.record(of, { requiredKeys: [] })

/** Children of which no two have the same key, also not in arrays among them, in any order. */
const unlike = (children: readonly Tree[]): Tree[] => {
  const taken = new Set<unknown>()
  const alone = (child: Tree): Tree => {
    if (Array.isArray(child)) return child.map(alone)
    if (typeof child !== 'object' || child === null) return child
    const { key: own, ...attributes } = child.attributes
    if (own === undefined || !taken.has(own)) {
      taken.add(own)
      return child
    }
    return { ...child, attributes }
  }
  return children.map(alone)
}

const element = (
  tags: readonly string[],
  attributes: Record<string, fc.Arbitrary<unknown>>,
  children: fc.Arbitrary<Tree[]>,
): fc.Arbitrary<Drawn> =>
  fc.record({ tag: fc.constantFrom(...tags), attributes: some({ key, ...attributes }), children })
const few = (of: fc.Arbitrary<Tree>, maxLength: number): fc.Arbitrary<Tree[]> =>
  fc.array(of, { maxLength }).map(unlike)

const bare = fc.constantFrom<Tree>(null, false, true, undefined, '', 'text', 'more', 0, 12)
const leaf = fc.oneof(
  bare,
  element(
    ['input'],
    { ...control, type: fc.constantFrom('text', 'radio', 'checkbox'), checked: fc.option(fc.boolean()) },
    fc.constant([]),
  ),
  element(['textarea'], control, fc.constant([])),
  element(
    ['svg'],
    shape,
    few(element(['path', 'g'], shape, few(element(['path'], shape, fc.constant([])), 2)), 2),
  ),
)
/** Elements and arrays around what is given. */
const around = (inner: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> =>
  fc.oneof(
    inner,
    { weight: 2, arbitrary: element(['div', 'p', 'label'], { ...plain, for: word }, few(inner, 4)) },
    element(['a'], { ...plain, href: fc.constantFrom('/x', undefined) }, few(inner, 2)),
    few(inner, 4),
  )
const tree = element(['div'], plain, few(around(around(leaf)), 5))

/** The same keyed children again and again in another order, some gone, some new. */
const list: fc.Arbitrary<Tree> = fc
  .record({
    keys: fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']),
    nested: fc.shuffledSubarray(['n1', 'n2', 'n3', 'n4']),
    at: fc.integer({ min: 0, max: 8 }),
    tail: fc.boolean(),
  })
  .map(({ keys, nested, at, tail }) => {
    const row = (name: string): Drawn => ({ tag: 'p', attributes: { key: name }, children: [name] })
    const rows: Tree[] = keys.map(row)
    rows.splice(at, 0, nested.map(row))
    return { tag: 'div', attributes: {}, children: [...rows, tail && 'tail'] }
  })

/** That tree again, with other attributes, and now with this and now with that of it. */
const again = (of: Tree): fc.Arbitrary<Tree> => {
  if (Array.isArray(of)) return fc.tuple(...of.map(again))
  if (typeof of !== 'object' || of === null) return bare.map((text) => (typeof of === 'string' ? text : of))
  const { tag, children } = of
  const fixed = 'key' in of.attributes ? { key: of.attributes['key'] } : {}
  const worn = tag === 'input' ? { ...control, type: fc.constant('text') } : attributesFor(tag)
  return fc.option(
    fc
      .tuple(some(worn), fc.tuple(...children.map(again)))
      .map(([attributes, inner]) => ({ tag, attributes: { ...attributes, ...fixed }, children: inner })),
    { freq: 5 },
  )
}
const attributesFor = (tag: string): Record<string, fc.Arbitrary<unknown>> =>
  tag === 'textarea' ? control : /^(svg|path|g)$/.test(tag) ? shape : plain

const deed: fc.Arbitrary<Deed> = fc.record({ at: fc.nat(9), value: word, checked: fc.boolean() })
const steps = (of: fc.Arbitrary<Tree>) => fc.array(fc.tuple(of, deed), { minLength: 2, maxLength: 8 })

function compare(all: readonly (readonly [Tree, Deed])[], sameNodes: boolean): void {
  const whole = createStage(wholeH, wholeRender, flat, sameNodes)
  const lean = createStage(leanH, leanRender, (children) => children, sameNodes)
  for (const [next, act] of all) {
    whole.draw(next)
    lean.draw(next)
    expect(lean.seen()).toEqual(whole.seen())
    expect(lean.use(act)).toEqual(whole.use(act))
    expect(lean.seen()).toEqual(whole.seen())
  }
  whole.leave()
  lean.leave()
}

describe('the lean Preact draws as the whole one', () => {
  it('any trees one after another: the same elements, attributes, texts and handlers', () => {
    fc.assert(
      fc.property(steps(tree), (all) => compare(all, false)),
      { numRuns, seed },
    )
  }, 600_000)
  it('a tree of which each place keeps its tag: also the same nodes, with what is typed in them', () => {
    fc.assert(
      fc.property(
        tree.chain((skeleton) => steps(again(skeleton))),
        (all) => compare(all, true),
      ),
      { numRuns, seed },
    )
  }, 600_000)
  it('lists in any order', () => {
    fc.assert(
      fc.property(steps(list), (all) => compare(all, true)),
      { numRuns, seed },
    )
  }, 600_000)
  it('what comes as data and looks like an element is not drawn', () => {
    const planted = { type: 'img', props: { src: 'x', onerror: 'alert(1)' }, key: null } as never
    const { root, draw, leave } = createStage(leanH, leanRender)
    draw({ tag: 'p', attributes: {}, children: [] })
    leanRender(leanH('p', null, planted), root)
    expect(root.innerHTML).toBe('<p></p>')
    leave()
  })
})
