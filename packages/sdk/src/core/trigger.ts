/** Which plain surveys an occurrence asks for, and when the next page trigger is due. */
import type { Survey } from '@earshot/contract'
import type { State } from './model.ts'
import { after, type Instant, seconds } from './time.ts'

const plainOf = ({ surveys, plain }: State): Survey[] => surveys.filter(({ id }) => plain.includes(id))

/** Surveys that appear on `track(name)`. */
export function triggeredBy(state: State, name: string): Survey[] {
  return plainOf(state).filter((survey) =>
    survey.triggers.some((each) => each.on === 'event' && each.name === name),
  )
}

/** Page triggers of surveys that have not fired on this page, with their due times, earliest first. */
export function pageAgenda(state: State): { survey: Survey; due: Instant }[] {
  const since = state.pageSince
  if (since === null) return []
  return plainOf(state)
    .filter((survey) => !state.pageFired.includes(survey.id))
    .flatMap((survey) =>
      survey.triggers.flatMap((each) =>
        each.on === 'page' ? [{ survey, due: after(since, seconds(each.delay)) }] : [],
      ),
    )
    .sort((a, b) => a.due - b.due)
}
