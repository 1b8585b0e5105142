/** What others reach the collector by, or are reached by: those that there are, each to be taken away, and a form for a new one. */
import type { ComponentChildren, JSX, TargetedSubmitEvent } from 'preact'
import { useState } from 'preact/hooks'
import type { Fault } from '../../api/fault.ts'
import { ask, type Reply, type Shape } from '../../api/request.ts'
import { anyShape } from '../../api/adminShapes.ts'
import { useAsk } from '../../api/use.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { FaultNote, Ready } from '../../parts/states.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { Made } from './made.tsx'

interface DeskProps<List, Item, New> {
  /** Where they are listed and made; one of them is revoked below it. */
  path: string
  shape: Shape<List>
  itemsOf: (list: List) => readonly Item[]
  /** How all of them are called, and one. */
  titles: readonly [all: string, one: string]
  lead?: ComponentChildren
  /** What stands in place of the list while there is none. */
  empty?: ComponentChildren
  columns: readonly Column<Item>[]
  /** By what one is known to the collector. */
  keyOf: (item: Item) => string
  nameOf: (item: Item) => string
  /** Takes it away. */
  verb?: 'Revoke' | 'Remove'
  /** What stands in place of the button where it is gone already. */
  endOf: (item: Item) => string | null
  /** What that means, and what is said after it. */
  warn: (name: string) => string
  farewell: (name: string) => string
  /** Fields of the form. */
  fields: ComponentChildren
  /** What is sent, and what the answer looks like. */
  body: () => object
  made: Shape<New>
  /** What is said of a new one. The fields are emptied by it. */
  welcome: (made: New) => ComponentChildren
}

export function AccessDesk<List, Item, New>(props: DeskProps<List, Item, New>): JSX.Element {
  const { path, shape, itemsOf, titles, lead, columns, keyOf, nameOf, verb = 'Revoke', endOf, warn } = props
  const [all, one] = titles
  const asked = useAsk(path, shape)
  const [fault, setFault] = useState<Fault | null>(null)
  const [said, setSaid] = useState<ComponentChildren>('')

  const tell = <Value,>(reply: Reply<Value>, say: (value: Value) => ComponentChildren): void => {
    setFault(reply.ok ? null : reply.fault)
    if (reply.ok) setSaid(say(reply.value))
    asked.again()
  }
  const revoke = async (item: Item): Promise<void> => {
    // A secret that is shown goes with the next thing that is done.
    setSaid('')
    const reply = await ask(`${path}/${encodeURIComponent(keyOf(item))}`, anyShape, { method: 'DELETE' })
    tell(reply, () => props.farewell(nameOf(item)))
  }
  const add = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void ask(path, props.made, { method: 'POST', body: props.body() }).then((reply) =>
      tell(reply, props.welcome),
    )
  }
  return (
    <div class="stack">
      <Made>{said}</Made>
      {fault && <FaultNote fault={fault} />}
      <section class="panel" aria-label={all}>
        <h2>{all}</h2>
        {lead && <p class="soft">{lead}</p>}
        <Ready asked={asked}>
          {(list) =>
            itemsOf(list).length === 0 && props.empty ? (
              props.empty
            ) : (
              <Table<Item>
                caption={all}
                isCaptionHidden
                columns={[
                  ...columns,
                  {
                    title: verb,
                    cell: (each) =>
                      endOf(each) ?? (
                        <Confirm
                          label={`${verb} ${nameOf(each)}`}
                          question={warn(nameOf(each))}
                          yes={`${verb} for good`}
                          onYes={() => revoke(each)}
                        />
                      ),
                  },
                ]}
                rows={itemsOf(list)}
                keyOf={keyOf}
              />
            )
          }
        </Ready>
      </section>
      <section class="panel" aria-label={`New ${one}`}>
        <h2>New {one}</h2>
        <form class="form" onSubmit={add}>
          {props.fields}
          <button type="submit" class="main">
            Make the {one.split(' ').at(-1)}
          </button>
        </form>
      </section>
    </div>
  )
}
