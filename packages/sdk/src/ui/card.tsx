/** The frame of every card: its name, its way out, what is said at the end. Values in, events out. */
import { h, type JSX } from 'preact'
import type { Flow } from '../core/flow.ts'
import type { Strings } from './strings.ts'

/**
 * @param dir set inside, where no rule of the page can turn it
 * @param status what screen readers are told
 * @param body draws what is inside until the thanks
 */
export function drawCard(
  flow: Flow,
  strings: Strings,
  dir: 'ltr' | 'rtl',
  status: string,
  body: () => JSX.Element,
  onClose: () => void,
): JSX.Element {
  return (
    <section class="card" dir={dir} aria-label={strings.survey}>
      {flow.stage === 'thanks' ? thanks(flow, strings) : body()}
      <p class="quiet" role="status">
        {status}
      </p>
      <button class="close" aria-label={strings.close} onClick={onClose}>
        ×
      </button>
    </section>
  )
}

function thanks({ survey, offline }: Flow, strings: Strings): JSX.Element {
  const { title, text } = survey.thanks
  return (
    <div>
      <h2 class="to" tabIndex={-1}>
        {title}
      </h2>
      {text && <p class="text">{text}</p>}
      {offline && <p class="note">{strings.offline}</p>}
    </div>
  )
}
