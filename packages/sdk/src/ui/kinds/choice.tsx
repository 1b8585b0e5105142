/** A list to choose from: one, or several, and a last one in the respondent's own words. */
import { choiceFlaw, type ChoiceQuestion, maxOtherLength } from '@earshot/contract'
import type { h } from 'preact'
import { choicesOf, orderOf } from '../../core/pageChoices.ts'
import type { Kind, Page } from './page.ts'

const words = {
  specify: 'Please say which',
  chooseFrom: { one: 'Choose at least {least} answer.', other: 'Choose at least {least} answers.' },
  chooseExactly: { one: 'Choose {least} answer.', other: 'Choose {least} answers.' },
  chooseTo: { one: 'Choose at most {most} answer.', other: 'Choose at most {most} answers.' },
  chooseBetween: { other: 'Choose {least} to {most} answers.' },
}

export const kind: Kind<ChoiceQuestion> & { words: typeof words } = {
  css: `\
.row{display:flex;align-items:center;gap:12px;min-height:44px;padding:8px 12px;margin-top:8px;border:1px solid var(--_line);border-radius:calc(var(--_radius)*.67);cursor:pointer}\
.own{display:block;margin-top:12px}\
legend+.row{margin-top:16px}\
.row:hover{background:#7d86941f}\
.on.row{border-color:var(--_accent);box-shadow:inset 0 0 0 1px var(--_accent)}\
.row input:checked+span{color:inherit;font-weight:inherit;forced-color-adjust:auto}\
.row input{appearance:auto;forced-color-adjust:auto;flex:none;width:18px;height:18px;min-height:0;accent-color:var(--_accent)}\
.row :focus-visible{outline:0}\
.row:focus-within:has(:focus-visible){outline:2px solid var(--_accent);outline-offset:2px}`,
  words,
  draw: drawChoice,
  fits: (question, value, other = '') => !choiceFlaw(question, value) && other.length <= maxOtherLength,
  orderOf,
  flaw({ least, most }, flaw, { strings, say, bounded }) {
    const { chooseOne, chooseFrom, chooseTo, chooseBetween } = strings
    if (flaw === 'missing') return chooseOne
    if (least && least === most) return say(strings.chooseExactly, { least })
    return bounded([chooseOne, chooseFrom, chooseTo, chooseBetween], least, most)
  },
}

function drawChoice(page: Page<ChoiceQuestion>): h.JSX.Element {
  const { h, fill, flow, question, other, strings, aria, set, choose } = page
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
  const group = multiple ? { 'aria-describedby': aria['aria-describedby'] } : page.group
  return (
    <fieldset {...group}>
      {page.legend}
      {options.map((each) => (
        <label class={`row ${chosen.includes(each.id) ? 'on' : ''}`} key={each.id}>
          <input
            type={multiple ? 'checkbox' : 'radio'}
            name={id}
            value={each.id}
            checked={chosen.includes(each.id)}
            aria-invalid={multiple && aria['aria-invalid']}
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
            maxLength={maxOtherLength}
            value={other}
            onInput={(event) => set({ value: chosen, other: event.currentTarget.value })}
          />
        </label>
      )}
    </fieldset>
  )
}
