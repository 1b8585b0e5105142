/** Signs: stars, faces and thumbs, drawn so that they look alike everywhere, which characters do not. */
import type { h } from 'preact'
import type { Page } from './page.ts'

const paths = {
  stars: 'M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z',
  thumbs: 'M7 11v9H4v-9zl4-8c1.6 0 2.5 1 2.5 2.5V9H18a2 2 0 0 1 2 2.3l-1.2 7a2 2 0 0 1-2 1.7H7',
  faces: 'M12 3a9 9 0 1 0 .01 0zM9 9.2v.6M15 9.2v.6',
  flaw: 'M12 3a9 9 0 1 0 .01 0zM12 7.5v5M12 16.2v.1',
  away: 'M9 5H5v14h14v-4M13 5h6v6M19 5l-9 9',
}

/**
 * Draws a sign, for the eye only.
 *
 * @param share how good it is, 0 to 1: a thumb points down or up, a mouth is turned down to up
 */
export function drawMark(h: Page['h'], kind: keyof typeof paths, share = 1): h.JSX.Element {
  const mood = share * 2 - 1
  const edge = 15.3 - 1.3 * mood
  const mouth = kind === 'faces' ? `M8.2 ${edge}Q12 ${15.3 + 3.2 * mood} 15.8 ${edge}` : ''
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path
        d={paths[kind] + mouth}
        transform={kind === 'thumbs' && share < 0.5 ? 'matrix(1 0 0 -1 0 24)' : undefined}
      />
    </svg>
  )
}
