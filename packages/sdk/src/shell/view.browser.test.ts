import { describe, expect, it, vi } from 'vitest'
import { showingOf, surveyOf, text } from '../core/pages.fixtures.ts'
import type { Showing } from '../core/model.ts'
import type { Instant } from '../core/time.ts'
import type { Card, KindsChunk, LoadKinds, MountCard } from '../ports/card.ts'
import { createView } from './view.ts'

const host = {
  now: () => 1 as Instant,
  lock: 'pk',
  perform() {},
  command() {},
  locales: () => ['en'],
  closed() {},
}
const kinds: KindsChunk = { createKinds: () => ({}) }
const plain = showingOf(surveyOf(text('a')), { paged: false })
const paged = showingOf(surveyOf(text('a')))

function setUp() {
  const card = { tell: vi.fn<Card['tell']>(), destroy: vi.fn<Card['destroy']>() }
  const mountCard = vi.fn<MountCard>(() => card)
  const loadCard = vi.fn<() => Promise<{ mountCard: MountCard }>>(async () => ({ mountCard }))
  const loadKinds = vi.fn<LoadKinds>(async () => kinds)
  const onFail = vi.fn<(showing: Showing, error: unknown) => void>()
  return { mountCard, loadCard, loadKinds, onFail, view: createView(loadCard, host, onFail, loadKinds) }
}

describe('the view', () => {
  it('loads the kinds for a paged showing only', async () => {
    const { view, mountCard, loadCard, loadKinds } = setUp()
    view.render(plain)
    await vi.waitFor(() => expect(mountCard).toHaveBeenLastCalledWith(plain, false, host, undefined))
    expect(loadKinds).not.toHaveBeenCalled()
    view.render(paged)
    await vi.waitFor(() => expect(mountCard).toHaveBeenLastCalledWith(paged, false, host, kinds))
    expect(loadKinds).toHaveBeenCalledExactlyOnceWith([paged.survey])
    expect(loadCard).toHaveBeenCalledOnce()
  })
  it('fetches ahead what it is told to, once', async () => {
    // A busy browser may take its time to be idle.
    const idle = vi.spyOn(window, 'requestIdleCallback').mockImplementation((work) => {
      work({ didTimeout: false, timeRemaining: () => 50 })
      return 0
    })
    const { view, loadCard, loadKinds } = setUp()
    view.warm()
    await vi.waitFor(() => expect(loadCard).toHaveBeenCalledOnce())
    expect(loadKinds).not.toHaveBeenCalled()
    view.warm()
    view.render(plain)
    expect(loadCard).toHaveBeenCalledOnce()
    idle.mockRestore()
  })
  it('tells a failure of either, and tries again', async () => {
    const { view, mountCard, loadKinds, onFail } = setUp()
    loadKinds.mockRejectedValueOnce(new Error('offline'))
    view.render(paged)
    await vi.waitFor(() => expect(onFail).toHaveBeenCalledWith(paged, new Error('offline')))
    view.render(paged)
    await vi.waitFor(() => expect(mountCard).toHaveBeenCalledOnce())
  })
  it('tells no failure of what is wanted no more: another card may have the screen', async () => {
    const { view, mountCard, loadKinds, onFail } = setUp()
    let fail = (_error: Error): void => {}
    loadKinds.mockReturnValueOnce(new Promise((_done, reject) => (fail = reject)))
    view.render(paged)
    view.render(plain)
    await vi.waitFor(() => expect(mountCard).toHaveBeenCalledOnce())
    fail(new Error('offline'))
    view.render(null)
    view.render(plain)
    await vi.waitFor(() => expect(mountCard).toHaveBeenCalledTimes(2))
    expect(onFail).not.toHaveBeenCalled()
  })
  it('draws nothing that is not wanted any more', async () => {
    const { view, mountCard } = setUp()
    view.render(plain)
    view.render(null)
    view.render(paged)
    await vi.waitFor(() => expect(mountCard).toHaveBeenCalled())
    expect(mountCard.mock.calls.map(([showing]) => showing)).toEqual([paged])
  })
})
