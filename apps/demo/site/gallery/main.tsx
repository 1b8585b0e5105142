/** The gallery: what is chosen above, and a frame for each card that fits. */
import { galleryLanguages, galleryStates, galleryTypes, statesOf } from '@earshot/sdk/gallery'
import { render, type JSX } from 'preact'
import { type Choice, queryOf, readChoice, widths } from './choice.ts'

const names = new Intl.DisplayNames('en', { type: 'language' })
const place = document.getElementById('main') as HTMLElement
let choice = readChoice(location.search)

const list = (items: readonly { id: string; title: string }[]): [string, string][] =>
  items.map(({ id, title }) => [id, title])

const fields: readonly { name: keyof Choice; label: string; options: readonly [string, string][] }[] = [
  { name: 'type', label: 'Question', options: [['', 'All'], ...list(galleryTypes)] },
  { name: 'state', label: 'State', options: [['', 'All'], ...list(galleryStates)] },
  {
    name: 'language',
    label: 'Language',
    options: galleryLanguages.map((tag) => [tag, names.of(tag) ?? tag]),
  },
  {
    name: 'scheme',
    label: 'Colours',
    options: [
      ['', 'Of the device'],
      ['light', 'Light'],
      ['dark', 'Dark'],
    ],
  },
  {
    name: 'dir',
    label: 'Page runs',
    options: [
      ['', 'As the language'],
      ['ltr', 'Left to right'],
      ['rtl', 'Right to left'],
    ],
  },
  { name: 'width', label: 'Width', options: widths.map((each) => [String(each), `${each} px`]) },
]

function draw(): void {
  render(<Gallery />, place)
}

function choose(name: keyof Choice, value: string): void {
  choice = readChoice(`?${queryOf({ ...choice, [name]: value })}`)
  history.replaceState(null, '', `?${queryOf(choice)}`)
  draw()
}

function Gallery(): JSX.Element {
  const { type, state, width } = choice
  const cards = galleryTypes
    .filter((each) => !type || each.id === type)
    .flatMap((each) => statesOf(each).map((one) => ({ type: each, state: one })))
    .filter((each) => !state || each.state.id === state)
  return (
    <>
      <h1>See every card</h1>
      <p class="lead">
        Every question, in every state, in every language. Each frame holds a real card: it can be answered,
        and when it is closed it comes again. Nothing is stored.
      </p>
      <form class="controls" aria-label="What is shown" onSubmit={(event) => event.preventDefault()}>
        {fields.map(({ name, label, options }) => (
          <label key={name}>
            <span>{label}</span>
            <select
              value={String(choice[name])}
              onChange={(event) => choose(name, event.currentTarget.value)}
            >
              {options.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          </label>
        ))}
      </form>
      <p class="soft" role="status">
        {cards.length === 1 ? '1 card' : `${cards.length} cards`}
      </p>
      <div class="cards" style={{ '--width': `${width}px` }}>
        {cards.map((each) => (
          <Frame key={`${each.type.id}/${each.state.id}`} {...each} />
        ))}
      </div>
    </>
  )
}

function Frame({
  type,
  state,
}: {
  type: (typeof galleryTypes)[number]
  state: (typeof galleryStates)[number]
}): JSX.Element {
  const address = `/card?${queryOf({ ...choice, type: type.id, state: state.id })}`
  const isWritten =
    type.standard || Object.keys({ en: 0, ...type.survey.translations }).includes(choice.language)
  return (
    <figure>
      <figcaption>
        <a href={address}>{type.title}</a>
        <span>
          {state.title}
          {!isWritten && ', written in English only'}
        </span>
      </figcaption>
      {/* oxlint-disable-next-line react/iframe-missing-sandbox -- it is a page of this site */}
      <iframe key={address} src={address} title={`${type.title}: ${state.title}`} loading="lazy" />
    </figure>
  )
}

draw()
