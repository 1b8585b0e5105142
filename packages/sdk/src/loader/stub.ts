/** The inline queue for sites that call `earshot(…)` before the script is there, as text to paste. */

/**
 * Put this in a script before the Earshot tag, if the page calls `earshot` early. Without such calls it is not needed.
 *
 * @example
 * earshot('track', 'checkout_done')
 */
export const stub: string =
  'window.earshot||(window.earshot=function(){(earshot.q=earshot.q||[]).push(arguments)})'
