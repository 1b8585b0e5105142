/** What can be told of the page and the device now; nothing of it is sent. */
import type { PageFacts } from '../core/model.ts'

/** Shorter side of a screen, in CSS pixels, from which on it is a tablet. */
const tablet = 600

/**
 * Where the first pointer is a finger it is a phone or a tablet, by its screen; anything else is a desktop. The name
 * that a browser gives itself says less and is wrong more often.
 */
function device(): PageFacts['device'] {
  if (!matchMedia('(pointer: coarse)').matches) return 'desktop'
  return Math.min(screen.width, screen.height) < tablet ? 'phone' : 'tablet'
}

export function pageFacts(): PageFacts {
  return {
    url: location.href,
    // What stands behind the path may be somebody's search, or a token.
    referrer: document.referrer.replace(/[?#].*/s, ''),
    device: device(),
    width: innerWidth,
    height: innerHeight,
    locale: document.documentElement.lang || navigator.language,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
}
