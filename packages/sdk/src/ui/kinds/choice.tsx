/** A list to choose from: one, or several, and a last one in the respondent's own words. */
import type { ChoiceQuestion } from '@earshot/contract'
import type { h } from 'preact'
import { choicesOf } from '../../core/pageAnswer.ts'
import type { Page } from './page.ts'
import { groupOf, legendOf } from './scale.tsx'

/** As many characters as the wire takes. */
const longestOther = 500

export function drawChoice(page: Page<ChoiceQuestion>): h.JSX.Element {
  const { h, fill, flow, question, other, strings, set, choose } = page
  const chosen = Array.isArray(page.value) ? page.value : []
  const { id, multiple } = question
  const options = [...choicesOf(flow, question)]
  if (question.other !== undefined) options.push({ id: 'other', label: question.other })
  const pick = (option: string): void => {
    if (multiple) {
      // In the order of the list, so that the same choice is always the same answer.
      const picked = options.filter((each) => (each.id === option) !== chosen.includes(each.id))
      set({ value: picked.map((each) => each.id), other })
    } else if (option === 'other') set({ value: ['other'], other })
    else choose([option])
  }
  const invalid = page.invalid || undefined
  const group = multiple ? { 'aria-describedby': page.describedBy } : groupOf(page)
  return (
    <fieldset {...group}>
      {legendOf(h, fill(question.title))}
      {options.map((each) => (
        <label class={`row ${chosen.includes(each.id) ? 'on' : ''}`} key={each.id}>
          <input
            type={multiple ? 'checkbox' : 'radio'}
            name={id}
            value={each.id}
            checked={chosen.includes(each.id)}
            aria-invalid={multiple && invalid}
            onClick={() => pick(each.id)}
          />
          <span>{fill(each.label)}</span>
        </label>
      ))}
      {chosen.includes('other') && (
        <label class="own">
          {strings.specify}
          <input
            class="field"
            type="text"
            maxLength={longestOther}
            value={other}
            onInput={(event) => set({ value: chosen, other: event.currentTarget.value })}
          />
        </label>
      )}
    </fieldset>
  )
}
