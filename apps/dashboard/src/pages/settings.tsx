/** Settings: keys, tokens, what is kept of texts, what looks odd, and who did what. */
import type { FunctionComponent, JSX } from 'preact'
import { Page } from '../parts/page.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { usePlace } from '../shell/place.ts'
import { may, type Permission, useSession } from '../shell/session.ts'
import { Audit } from './settings/audit.tsx'
import { Keys } from './settings/keys.tsx'
import { Privacy } from './settings/privacy.tsx'
import { Suspects } from './settings/suspects.tsx'
import { Tokens } from './settings/tokens.tsx'
import { Webhooks } from './settings/webhooks.tsx'

const parts: readonly (readonly [name: string, title: string, need: Permission, part: FunctionComponent])[] =
  [
    ['keys', 'Write keys', 'manage', Keys],
    ['tokens', 'Tokens', 'manage', Tokens],
    ['webhooks', 'Webhooks', 'configure', Webhooks],
    ['privacy', 'Texts and retention', 'numbers', Privacy],
    ['suspects', 'Odd answers', 'responses', Suspects],
    ['audit', 'Audit log', 'manage', Audit],
  ]

export function Settings(): JSX.Element {
  const { role } = useSession()
  const { query } = usePlace()
  const open = parts.filter(([, , need]) => may(role, need))
  const [name = '', title = '', , Part] = open.find(([each]) => each === query.get('view')) ?? open[0] ?? []
  return (
    <Page title={`Settings: ${title.toLowerCase()}`}>
      <Tabs
        label="Settings"
        page="settings"
        id={null}
        current={name}
        tabs={open.map(([each, text]) => [each, text] as const)}
      />
      {Part && <Part key={name} />}
    </Page>
  )
}
