/** What stands around every page: the way past it, the navigation, the site, the look, and the way out. */
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useId, useState } from 'preact/hooks'
import { forget } from '../api/use.ts'
import { setPass } from '../api/request.ts'
import { SelectField } from '../parts/fields.tsx'
import { Link } from '../parts/link.tsx'
import { Mark } from './brand.tsx'
import { setQuery, usePlace } from './place.ts'
import { type Scheme, useScheme } from './scheme.ts'
import { may, useSession } from './session.ts'
import { type PageRoute, routes } from './routes.tsx'

const looks: readonly (readonly [Scheme, string])[] = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
]

interface FrameProps {
  onSignOut: () => void
  children: ComponentChildren
}

export function Frame({ onSignOut, children }: FrameProps): JSX.Element {
  const { page, id, query } = usePlace()
  const { role, name } = useSession()
  const [isOpen, setOpen] = useState(false)
  const [scheme, setScheme] = useScheme()
  const nav = useId()
  // Who has chosen a page wants to see it, not the menu.
  useEffect(() => setOpen(false), [page, id, query])
  const open = routes.filter((each) => each.title !== null && may(role, each.need))
  const groups = [...new Set(open.map((each) => each.group))]
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="side">
        <Link page="" class="brand">
          <Mark /> Earshot
        </Link>
        <button
          type="button"
          class="menu"
          aria-expanded={isOpen}
          aria-controls={nav}
          onClick={() => setOpen(!isOpen)}
        >
          Menu
        </button>
        <div class={isOpen ? 'nav open' : 'nav'} id={nav}>
          <nav aria-label="Pages">
            {groups.map((group) => (
              <ul key={group} class="group">
                {open
                  .filter((each) => each.group === group)
                  .map((each) => (
                    <NavItem key={each.page} route={each} isCurrent={each.page === page} />
                  ))}
              </ul>
            ))}
          </nav>
          <div class="account">
            <SiteChoice />
            <SelectField
              label="Look"
              value={scheme}
              options={looks}
              onValue={(value) => setScheme(value as Scheme)}
            />
            <p class="soft">
              {name}, {role}
            </p>
            <button type="button" onClick={onSignOut}>
              Sign out
            </button>
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function NavItem({ route, isCurrent }: { route: PageRoute; isCurrent: boolean }): JSX.Element {
  return (
    <li>
      <Link page={route.page} isCurrent={isCurrent}>
        {route.title}
      </Link>
    </li>
  )
}

/** Only where there is a choice: a token of one site sees nothing of this. */
function SiteChoice(): JSX.Element | null {
  const { sites } = useSession()
  const { query } = usePlace()
  if (sites.length < 2) return null
  const chosen = query.get('site') ?? String(sites[0]?.id ?? '')
  return (
    <SelectField
      label="Site"
      value={chosen}
      options={sites.map((each) => [String(each.id), each.name] as const)}
      onValue={(next) => {
        forget()
        setPass({ site: Number(next) })
        setQuery({ site: next })
      }}
    />
  )
}
