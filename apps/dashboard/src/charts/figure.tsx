/** The frame of every chart: a caption in words, the picture, the same as a table, and how it is counted. */
import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'
import { type Column, Table } from '../parts/table.tsx'
import { Definition } from '../parts/definition.tsx'

interface FigureProps<Row> {
  title: string
  /** What the picture says, in a sentence or two. */
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  definition?: { text: string; notes?: readonly string[] }
  children: ComponentChildren
}

export function Figure<Row>(props: FigureProps<Row>): JSX.Element {
  const { title, caption, columns, rows, keyOf, definition, children } = props
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <figure>
        <figcaption>
          <h2 id={id}>{title}</h2>
          <p class="soft">{caption}</p>
        </figcaption>
        {children}
      </figure>
      <details class="definition">
        <summary>
          As a table<span class="unseen">: {title}</span>
        </summary>
        <Table caption={title} isCaptionHidden columns={columns} rows={rows} keyOf={keyOf} />
      </details>
      {definition && <Definition of={title} {...definition} />}
    </section>
  )
}
