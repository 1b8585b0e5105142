/** Describes one element of a card. Every class is a part as well, by which a page may style it. */
import { h as describe, type JSX as PreactJsx } from 'preact'

type Describe = (type: string, props: { class?: string } | null, ...children: unknown[]) => PreactJsx.Element

/** What a compiler makes of a tag: its attributes are an object of its own. */
export const h: Describe = (type, props, ...children) =>
  describe(type, props?.class ? Object.assign(props, { part: props.class }) : props, ...(children as []))

/** Where TypeScript looks for the tags and attributes that there are. */
export declare namespace h {
  namespace JSX {
    type Element = PreactJsx.Element
    type ElementChildrenAttribute = PreactJsx.ElementChildrenAttribute
    type IntrinsicElements = PreactJsx.IntrinsicElements
  }
}
