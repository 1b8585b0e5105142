/** What a playground can begin with: the templates, and the builders that they are made of. */
import {
  ces,
  ces1,
  csat,
  enps,
  nps,
  templates,
  type Survey,
  type SurveyOptions,
  type TemplateOptions,
} from '@earshot/sdk'

/** One function of the SDK that makes a survey. */
export interface Entry {
  /** Name of the function. */
  name: string
  title: string
  purpose: string
  /** Stage of the customer's journey; `any` for builders. */
  stage: string
  /** How its words are replaced: by question id, or by what the standard questions consist of. */
  words: 'wording' | 'standard'
  make(options: TemplateOptions & SurveyOptions): Survey
}

const builder = (name: string, title: string, purpose: string, make: Entry['make']): Entry => ({
  name,
  title,
  purpose,
  stage: 'any',
  words: 'standard',
  make,
})

/** All of them, templates first. */
export const entries: readonly Entry[] = [
  ...templates.map((each): Entry => ({ ...each, words: 'wording' })),
  builder('nps', 'Net Promoter Score', 'The bare question: how likely people are to recommend you.', nps),
  builder('csat', 'Customer satisfaction', 'The bare question: how satisfied people are, 1 to 5.', csat),
  builder('ces', 'Customer effort 2.0', 'The bare question: whether you made it easy, 1 to 7.', ces),
  builder(
    'ces1',
    'Customer effort 1.0',
    'For a series that exists: how much effort it took, low is good.',
    ces1,
  ),
  builder(
    'enps',
    'Employee NPS',
    'The bare question: how likely staff are to recommend the workplace.',
    enps,
  ),
]

/** The company's name before anybody gives one. */
export const firstName = 'Acme'

/** `relationshipNps` becomes `relationship-nps`. */
export const idOf = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The entry of that name; the first for a name that there is not. */
export const entryOf = (name: string): Entry =>
  entries.find((each) => each.name === name) ?? (entries[0] as Entry)
