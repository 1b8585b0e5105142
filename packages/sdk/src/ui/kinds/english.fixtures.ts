/** All English words of paged surveys, for tests: those of every page, and those of each type of question. */
import { kind as choice } from './choice.tsx'
import { kind as link } from './link.tsx'
import { type KindStrings, pageWords } from './strings.ts'
import { kind as text } from './text.tsx'

export const english: KindStrings = { ...pageWords, ...link.words, ...choice.words, ...text.words }
