/** Gives `vi.waitFor` in every test file the patience that `expect.poll` has by its option: the second that it has by itself is not enough on a busy machine. */
import { vi } from 'vitest'
import { patience } from './patience.ts'

const { waitFor } = vi
vi.waitFor = (callback, options) =>
  waitFor(callback, typeof options === 'number' ? options : { timeout: patience, ...options })
