/** A message before anybody gets it: of a rule or of a survey, in every language, as HTML and as text, and sent to oneself. */
import type { JSX, TargetedSubmitEvent } from 'preact'
import { useState } from 'preact/hooks'
import type { Fault } from '../api/fault.ts'
import { mailStateShape, previewShape, sentShape } from '../api/mailShapes.ts'
import { planShape } from '../api/outboundShapes.ts'
import { ask } from '../api/request.ts'
import { surveysShape } from '../api/shapes.ts'
import { useAsk, useKept, useLoad } from '../api/use.ts'
import { SelectField, TextField } from '../parts/fields.tsx'
import { LanguageField, languageName } from '../parts/languageField.tsx'
import { LetterFrame } from '../parts/letterFrame.tsx'
import { Link } from '../parts/link.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, FaultNote, Ready } from '../parts/states.tsx'
import { type Letter, lettersOf, type PreviewWish } from '../plan/letters.ts'
import { setQuery, usePlace } from '../shell/place.ts'
import { useMay } from '../shell/session.ts'
import { Made } from './settings/made.tsx'
import '../styles/mail.css'

const widths = { narrow: 360, wide: 680 } as const

export function Mail(): JSX.Element {
  const plan = useAsk('/v1/follow-ups', planShape)
  const surveys = useAsk('/v1/surveys', surveysShape)
  return (
    <Page
      title="Mail"
      lead="What a message looks like, before anybody gets it. Its links open nothing here."
      tools={
        <Link page="follow-ups" class="button">
          Follow-ups
        </Link>
      }
    >
      <Ready asked={plan}>
        {({ rules }) => (
          <Ready asked={surveys}>
            {({ surveys: list }) => {
              const letters = lettersOf(
                rules,
                list.filter(({ source }) => source === 'served').map(({ id }) => id),
              )
              return letters.length === 0 ? (
                <Empty title="There is nothing to write yet">
                  A message asks a survey that the collector serves. <Link page="editor">Make one</Link>.
                </Empty>
              ) : (
                <Desk letters={letters} />
              )
            }}
          </Ready>
        )}
      </Ready>
    </Page>
  )
}

function Desk({ letters }: { letters: readonly [Letter, ...Letter[]] | readonly Letter[] }): JSX.Element {
  const { query } = usePlace()
  const chosen = letters.find(({ id }) => id === query.get('of')) ?? letters[0]
  const language = query.get('language') ?? ''
  const scheme = query.get('look') === 'dark' ? 'dark' : 'light'
  const width = query.get('width') === 'narrow' ? 'narrow' : 'wide'
  const wish: PreviewWish = { ...chosen?.wish, ...(language !== '' && { locale: language }) }
  const key = JSON.stringify(wish)
  const asked = useKept(
    useLoad(`preview ${key}`, (signal) =>
      ask('/v1/mail/preview', previewShape, { method: 'POST', body: wish, signal }),
    ),
    'preview',
  )
  return (
    <div class="stack">
      <div class="filters">
        <SelectField
          label="Message"
          value={chosen?.id ?? ''}
          options={letters.map(({ id, title }) => [id, title] as const)}
          onValue={(of) => setQuery({ of })}
        />
        <LanguageField value={language} onValue={(next) => setQuery({ language: next })} />
        <SelectField
          label="Colours"
          value={scheme}
          options={[
            ['light', 'light'],
            ['dark', 'dark'],
          ]}
          onValue={(look) => setQuery({ look })}
        />
        <SelectField
          label="Width"
          value={width}
          options={[
            ['wide', 'wide, as on a desk'],
            ['narrow', 'narrow, as on a phone'],
          ]}
          onValue={(next) => setQuery({ width: next })}
        />
      </div>
      <Ready asked={asked}>
        {({ subject, html, text, locale, reviewed }) => (
          <>
            <section class="panel stack" aria-label="The message">
              <header>
                <h2 lang={locale} dir="auto">
                  {subject}
                </h2>
              </header>
              <p class="soft">
                In {languageName(locale)}.{' '}
                {language !== '' &&
                  !locale.startsWith(language.slice(0, 2)) &&
                  'Not all words of it are there in the language that was chosen. '}
                {!reviewed && 'Nobody whose first language it is has read the usual words yet.'}
              </p>
              <LetterFrame html={html} scheme={scheme} width={widths[width]} />
            </section>
            <section class="panel" aria-label="As text">
              <h2>As text</h2>
              <p class="hint">For programs that show no HTML.</p>
              <pre
                class="body scroll"
                tabIndex={0}
                role="region"
                aria-label="The message as text"
                lang={locale}
                dir="auto"
              >
                {text}
              </pre>
            </section>
          </>
        )}
      </Ready>
      <ToMyself wish={wish} />
    </div>
  )
}

/** Sends it once to an address that who is signed in writes. */
function ToMyself({ wish }: { wish: PreviewWish }): JSX.Element {
  const mayConfigure = useMay('configure')
  const asked = useAsk('/v1/mail', mailStateShape)
  const [to, setTo] = useState('')
  const [said, setSaid] = useState('')
  const [fault, setFault] = useState<Fault | null>(null)
  const [isBusy, setBusy] = useState(false)
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (isBusy || to.trim() === '') return
    setBusy(true)
    void ask('/v1/mail/test', sentShape, { method: 'POST', body: { ...wish, to: to.trim() } }).then(
      (reply) => {
        setBusy(false)
        setFault(reply.ok ? null : reply.fault)
        setSaid(reply.ok ? `The mail server took it for ${to.trim()}.` : '')
      },
    )
  }
  return (
    <section class="panel" aria-label="To yourself">
      <h2>To yourself</h2>
      <Ready asked={asked}>
        {({ isSetUp, sender }) =>
          !isSetUp ? (
            <p class="soft">
              This collector has no mail server. Start it with --smtp, --mail-from and --public-url.
            </p>
          ) : !mayConfigure ? (
            <p class="soft">An admin can send it to their own address.</p>
          ) : (
            <form class="form" onSubmit={submit}>
              <Made>{said}</Made>
              {fault && <FaultNote fault={fault} />}
              <TextField
                label="Your address"
                hint={`It is sent once, from ${sender?.address ?? ''}, and kept nowhere.`}
                value={to}
                isRequired
                autocomplete="email"
                onText={setTo}
              />
              <button type="submit" class="main" aria-disabled={isBusy}>
                {isBusy ? 'Sending …' : 'Send a test mail'}
              </button>
            </form>
          )
        }
      </Ready>
    </section>
  )
}
