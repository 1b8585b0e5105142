/** What admins did, the newest first. */
import type { JSX } from 'preact'
import { withQuery } from '../../api/query.ts'
import { auditShape, tokensShape } from '../../api/adminShapes.ts'
import { useAsk } from '../../api/use.ts'
import { Empty, Ready } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'
import { Pager } from '../../parts/pager.tsx'
import { formatMoment, zoneOf } from '../../period/period.ts'
import { usePlace } from '../../shell/place.ts'

export function Audit(): JSX.Element {
  const { query } = usePlace()
  const zone = zoneOf(query)
  const cursor = query.get('cursor')
  const asked = useAsk(withQuery('/v1/audit', { limit: 50, cursor }), auditShape)
  const tokens = useAsk('/v1/tokens', tokensShape)
  const nameOf = (id: string | null): string =>
    tokens.value?.tokens.find((each) => each.id === id)?.name ?? id ?? 'the command line'
  return (
    <section class="panel" aria-label="Audit log">
      <h2>Audit log</h2>
      <p class="soft">
        What changed something, and who read answers of many or all of one person. Nothing can be taken out.
      </p>
      <Ready asked={asked}>
        {({ entries, next }) =>
          entries.length === 0 ? (
            <Empty title="Nothing was done yet">What admins do stands here as soon as they do it.</Empty>
          ) : (
            <>
              <Table
                caption="Audit log, the newest first"
                isCaptionHidden
                columns={[
                  { title: 'When', cell: (each) => formatMoment(each.at, zone) },
                  { title: 'Who', cell: (each) => nameOf(each.who) },
                  { title: 'What', cell: (each) => <code>{each.action}</code> },
                  { title: 'About', cell: (each) => <code>{each.about ?? ''}</code> },
                  {
                    title: 'Outcome',
                    cell: (each) => (each.status < 400 ? 'done' : `refused (${each.status})`),
                  },
                ]}
                rows={entries}
                keyOf={(each) => `${each.at} ${each.who} ${each.action} ${each.about}`}
              />
              <Pager cursor={cursor} next={next} />
            </>
          )
        }
      </Ready>
    </section>
  )
}
