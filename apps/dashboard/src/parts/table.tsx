/** Tables: tabular digits, a caption, and room to scroll sideways by themselves on a narrow screen. */
import type { ComponentChildren, JSX } from 'preact'

/** A column. */
export interface Column<Row> {
  title: string
  cell: (row: Row) => ComponentChildren
  /** Numbers stand at the end. */
  isNumber?: boolean
}

interface TableProps<Row> {
  caption: string
  /** Whether the caption is read only by those who do not see what stands above the table. */
  isCaptionHidden?: boolean
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
}

/** The first column names its row. */
export function Table<Row>(props: TableProps<Row>): JSX.Element {
  const { caption, isCaptionHidden = false, columns, rows, keyOf } = props
  return (
    <div class="scroll" role="region" aria-label={`Table: ${caption}`} tabIndex={0}>
      <table>
        <caption class={isCaptionHidden ? 'unseen' : undefined}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" class={isNumber ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell, isNumber }, index) =>
                index === 0 ? (
                  <th key={title} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={title} class={isNumber ? 'number' : undefined}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
