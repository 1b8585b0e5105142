/** The preview: a page with the real Earshot in a frame, as wide as a phone or a desk. */
import { languages, matchLanguage, wordsMissing } from '@earshot/contract'
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { CheckField, SelectField, Switch } from './fields.tsx'
import { languageText } from './form.tsx'
import type { Show, Told } from './messages.ts'
import { isRtl, type Sound, type View } from './view.ts'

interface PreviewProps {
  sound: Sound
  view: View
  /** Whether it shows an older version than what was typed. */
  behind: boolean
  onView(view: View): void
  onTold(told: Told): void
  /** Address of the page that runs `@earshot/editor/frame`. */
  address: string
}

/** So long nothing more is typed, before the preview shows it. */
const moment = 150
/** A page on a desk is as wide at least; where there is less room it is drawn smaller. */
const deskWidth = 560

export function Preview({ sound, view, behind, onView, onTold, address }: PreviewProps): JSX.Element {
  const frame = useRef<HTMLIFrameElement>(null)
  const [isReady, setReady] = useState(false)
  const [round, setRound] = useState(0)
  const [refused, setRefused] = useState<string | null>(null)
  const stage = useRef<HTMLDivElement>(null)
  const [room, setRoom] = useState(deskWidth)

  useEffect(() => {
    const hear = ({ data, source }: MessageEvent<Told>): void => {
      if (source !== frame.current?.contentWindow) return
      if (data.type === 'ready') setReady(true)
      if (data.type === 'began') setRefused(null)
      if (data.type === 'suppressed') setRefused(data.reason)
      onTold(data)
    }
    addEventListener('message', hear)
    return () => removeEventListener('message', hear)
  }, [onTold])

  const told = useRef(sound)
  const { scheme, language, rtl, offline } = view
  useEffect(() => {
    if (!isReady) return undefined
    const message: Show = { ...sound, view: { scheme, language, rtl, offline }, round }
    // Whoever types goes on typing; a switch is done at once.
    const pause = told.current === sound ? 0 : moment
    const timer = setTimeout(() => {
      told.current = sound
      frame.current?.contentWindow?.postMessage(message, '*')
    }, pause)
    return () => clearTimeout(timer)
  }, [isReady, sound, scheme, language, rtl, offline, round])

  useEffect(() => {
    // In the frame after: what it changes may bring a scrollbar, and WebKit complains of sizes that change while they are told.
    const observer = new ResizeObserver(([entry]) =>
      requestAnimationFrame(() => entry && setRoom(entry.contentRect.width)),
    )
    if (stage.current) observer.observe(stage.current)
    return () => observer.disconnect()
  }, [])

  const width = view.width === 'desktop' ? Math.max(room, deskWidth) : Number(view.width)
  const height = view.width === 'desktop' ? 540 : 620
  const scale = Math.min(1, room / width)
  const set = (part: Partial<View>): void => onView({ ...view, ...part })
  const lacks = missing(sound, view)
  return (
    <>
      <div class="switches">
        <Switch
          legend="System"
          value={scheme}
          options={[
            ['light', 'Light'],
            ['dark', 'Dark'],
          ]}
          onValue={(value) => set({ scheme: value })}
        />
        <Switch
          legend="Width"
          value={view.width}
          options={[
            ['320', '320'],
            ['390', '390'],
            ['desktop', 'Desktop'],
          ]}
          onValue={(value) => set({ width: value })}
        />
        <SelectField
          label="Visitor’s language"
          value={language}
          options={[['', 'As written'], ...languages.map((tag) => [tag, languageText(tag)] as const)]}
          onValue={(value) => set({ language: value as View['language'], rtl: isRtl(value) })}
        />
        <div class="checks">
          <CheckField
            label="Right to left"
            checked={rtl}
            onChecked={(on) => set({ rtl: on, language: on === isRtl(language) ? language : on ? 'ar' : '' })}
          />
          <CheckField label="Offline" checked={offline} onChecked={(on) => set({ offline: on })} />
        </div>
      </div>
      {behind && (
        <p class="notice">
          This is the last version that was sound. What you typed has problems to mend first.
        </p>
      )}
      {lacks.length > 0 && (
        <p class="notice">
          It is not shown in {languageText(language)}, since these words are its own and have no translation:{' '}
          {lacks.slice(0, 3).join(', ')}
          {lacks.length > 3 && ` and ${lacks.length - 3} more`}.
        </p>
      )}
      {refused && <p class="notice">The SDK did not show it: {refused}.</p>}
      <div class="place" ref={stage}>
        <div class="screen" style={{ width: `${width * scale}px`, height: `${height * scale}px` }}>
          <iframe
            ref={frame}
            title="Preview of the survey"
            src={address}
            sandbox="allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox"
            style={{ width: `${width}px`, height: `${height}px`, scale: `${scale}` }}
          />
        </div>
      </div>
      <p class="after">
        <button type="button" onClick={() => setRound(round + 1)}>
          Show it again
        </button>
        <span class="soft">It is shown by command, past its triggers and limits.</span>
      </p>
    </>
  )
}

/** What keeps the survey from being shown in the visitor's language. */
function missing({ survey }: Sound, { language }: View): string[] {
  if (language === '' || matchLanguage([language], [survey.locale])) return []
  const own = matchLanguage([language], Object.keys(survey.translations ?? {}))
  return wordsMissing(survey, own ?? language)
}
