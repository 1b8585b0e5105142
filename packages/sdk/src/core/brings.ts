/** Whether a page may bring surveys and settings of its own along. */

/** The script tag has no place for them, so its file is built with `false` here, and without the code behind it. */
export const brings: boolean = true
