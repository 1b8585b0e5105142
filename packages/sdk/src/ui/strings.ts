/** Words of the card that belong to no survey. */

export interface Strings {
  /** Name of the card for those who find their way by landmarks. */
  survey: string
  close: string
  next: string
  send: string
  saved: string
  offline: string
  /** Makes the card small; `restore` makes it large again. */
  minimise: string
  restore: string
  /** Asks again in some days. */
  later: string
  /** Is never asked again. */
  never: string
  /** On the tab at the edge that opens a survey. */
  feedback: string
}

export const english: Strings = {
  survey: 'Survey',
  close: 'Close survey',
  next: 'Continue',
  send: 'Send',
  saved: 'Score saved.',
  offline: 'Your answer is saved on this device. It will be sent when you are back online.',
  minimise: 'Minimise survey',
  restore: 'Show survey',
  later: 'Ask me later',
  never: 'Don’t ask again',
  feedback: 'Feedback',
}
