/** Numbers as they stand in a field, and back. */

/** Nothing where there is no number. */
export const shown = (value: unknown): string => (typeof value === 'number' ? String(value) : '')

/** What is no number is sent as none, and the collector says so. */
export const number = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text))
