import { expect, it, vi } from 'vitest'
import { createStreams } from './streams.ts'

it('finish waits for what runs, and breaks off what runs too long', async () => {
  const { begin, finish } = createStreams()
  await finish(60_000)
  const aborted = vi.fn<() => void>()
  const end = begin(aborted)
  const finished = vi.fn<() => void>()
  const finishing = finish(60_000).then(finished)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(finished).not.toHaveBeenCalled()
  end()
  await finishing
  expect(aborted).not.toHaveBeenCalled()
  begin(aborted)
  await finish(20)
  expect(aborted).toHaveBeenCalledOnce()
})
