/** The frame of every card: its name, its ways out, what is said at the end. Values in, events out. */
import type { JSX } from 'preact'
import type { Flow } from '../core/flow.ts'
import type { DismissReason } from '../core/emission.ts'
import { h } from './h.ts'
import type { Strings } from './strings.ts'

/**
 * @param dir set inside, where no rule of the page can turn it
 * @param status what screen readers are told
 * @param folded whether it is small
 * @param isTab whether it then is the tab of a survey that waits to be opened
 * @param body draws what is inside until the thanks
 */
export function drawCard(
  flow: Flow,
  strings: Strings,
  dir: 'ltr' | 'rtl',
  status: string,
  folded: boolean | undefined,
  isTab: boolean | undefined,
  body: () => JSX.Element,
  onFold: (next: boolean) => void,
  onClose: (reason: DismissReason) => void,
  onLeave: (type: 'snooze' | 'optOut') => void,
): JSX.Element {
  const label = folded && (isTab ? strings.feedback : strings.restore)
  // What changes its words has a key: a translator may have put its own text nodes in the place of ours.
  return (
    <section class={folded ? 'card mini' : 'card'} dir={dir} aria-label={strings.survey}>
      {flow.stage === 'thanks' ? thanks(flow, strings) : body()}
      {flow.stage === 'ask' && !Object.keys(flow.answers).length && (
        <p class="foot">
          <button class="soft later" onClick={() => onLeave('snooze')}>
            {strings.later}
          </button>
          <button class="soft never" onClick={() => onLeave('optOut')}>
            {strings.never}
          </button>
        </p>
      )}
      <p class="quiet" role="status">
        <span key={status}>{status}</span>
      </p>
      {flow.stage === 'ask' && (
        <button class="fold" aria-label={label || strings.minimise} onClick={() => onFold(!folded)}>
          <span key={label}>{label || '−'}</span>
        </button>
      )}
      <button class="close" aria-label={strings.close} onClick={() => onClose('close')}>
        ×
      </button>
    </section>
  )
}

function thanks({ survey, offline }: Flow, strings: Strings): JSX.Element {
  const { title, text } = survey.thanks
  return (
    <div>
      <h2 class="title to" tabIndex={-1}>
        {title}
      </h2>
      {text && <p class="text">{text}</p>}
      {offline && <p class="note">{strings.offline}</p>}
    </div>
  )
}
