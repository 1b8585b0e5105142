/** Responses that look as if no person had given them, and the word that one is good. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Fault } from '../../api/fault.ts'
import { withQuery } from '../../api/query.ts'
import { ask } from '../../api/request.ts'
import { anyShape, suspectsShape } from '../../api/adminShapes.ts'
import { useAsk } from '../../api/use.ts'
import { Link } from '../../parts/link.tsx'
import { Empty, FaultNote, Ready } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'
import { formatMoment, zoneOf } from '../../period/period.ts'
import { usePlace } from '../../shell/place.ts'
import { useMay } from '../../shell/session.ts'

export function Suspects(): JSX.Element {
  const { query } = usePlace()
  const zone = zoneOf(query)
  const asked = useAsk(withQuery('/v1/suspects', { limit: 200 }), suspectsShape)
  const mayClear = useMay('define')
  const [fault, setFault] = useState<Fault | null>(null)
  const clear = (response: string): void => {
    void ask(`/v1/suspects/${response}`, anyShape, { method: 'DELETE' }).then((reply) => {
      setFault(reply.ok ? null : reply.fault)
      asked.again()
    })
  }
  return (
    <section class="panel" aria-label="Odd answers">
      <h2>Odd answers</h2>
      <p class="soft">
        They look as if a program had made them. They are kept and not counted until somebody says that they
        are good.
      </p>
      {fault && <FaultNote fault={fault} />}
      <Ready asked={asked}>
        {({ suspects }) =>
          suspects.length === 0 ? (
            <Empty title="Nothing looks odd">
              As soon as something does, it stands here with the reason.
            </Empty>
          ) : (
            <Table
              caption="Odd answers, the newest first"
              isCaptionHidden
              columns={[
                {
                  title: 'When',
                  cell: (each) => (
                    <Link page="answers" id={each.response}>
                      {formatMoment(each.firstAt, zone)}
                    </Link>
                  ),
                },
                { title: 'Survey', cell: (each) => each.survey },
                { title: 'Why', cell: (each) => each.reasons.join(', ') },
                {
                  title: 'Counted',
                  cell: (each) =>
                    each.isCleared ? (
                      'yes, found good'
                    ) : mayClear ? (
                      <button type="button" onClick={() => clear(each.response)}>
                        Count it<span class="unseen">: {formatMoment(each.firstAt, zone)}</span>
                      </button>
                    ) : (
                      'no'
                    ),
                },
              ]}
              rows={suspects}
              keyOf={(each) => each.response}
            />
          )
        }
      </Ready>
    </section>
  )
}
