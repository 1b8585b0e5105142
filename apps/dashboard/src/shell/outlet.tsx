/** Draws the page of the address. */
import { type FunctionComponent, h, type JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Link } from '../parts/link.tsx'
import { Page } from '../parts/page.tsx'
import { FaultNote, Waiting } from '../parts/states.tsx'
import { noAnswer } from '../api/fault.ts'
import { usePlace } from './place.ts'
import { type PageProps, routes } from './routes.tsx'
import { may, useSession } from './session.ts'

const loaded = new Map<string, FunctionComponent<PageProps>>()

export function Outlet(): JSX.Element {
  const { page, id } = usePlace()
  const { role } = useSession()
  const route = routes.find((each) => each.page === page)
  const [state, setState] = useState<{ page: string; failed: boolean }>({ page: '', failed: false })
  const [round, setRound] = useState(0)
  useEffect(() => {
    if (!route || loaded.has(route.page)) return undefined
    let isGone = false
    route.load().then(
      (component) => {
        loaded.set(route.page, component)
        if (!isGone) setState({ page: route.page, failed: false })
      },
      () => {
        if (!isGone) setState({ page: route.page, failed: true })
      },
    )
    return () => {
      isGone = true
    }
  }, [route, round])
  if (!route)
    return (
      <Page title="There is no such page">
        <p>
          The address may be of another version. <Link page="">Go to the overview</Link>.
        </p>
      </Page>
    )
  if (!may(role, route.need))
    return (
      <Page title="This page is for others">
        <p>
          Your token has the role {role}, which does not open this page. Ask an admin for another token.{' '}
          <Link page="">Go to the overview</Link>.
        </p>
      </Page>
    )
  const component = loaded.get(route.page)
  if (component) return h(component, { key: `${page} ${id}`, id })
  if (state.page === route.page && state.failed)
    return (
      <Page title={route.title ?? 'Page'}>
        <FaultNote
          fault={{ ...noAnswer(), message: 'This page could not be loaded.' }}
          again={() => setRound(round + 1)}
        />
      </Page>
    )
  return <Waiting />
}
