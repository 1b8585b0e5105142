import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPage } from './page.ts'

const heard = vi.fn<() => void>()
let stop = (): void => {}
const before = location.href

beforeEach(() => {
  heard.mockClear()
  stop = createPage().onNavigate(heard)
})
afterEach(() => {
  stop()
  history.replaceState(null, '', before)
})

describe('a navigation', () => {
  it.each<[string, string]>([
    ['another path', '/elsewhere'],
    ['another query', '?view=checkout'],
    ['a route behind a hash', '#/orders'],
    ['a route behind a hash and a bang', '#!/orders'],
  ])('to %s is one', (_name, to) => {
    history.pushState(null, '', to)
    expect(heard).toHaveBeenCalledOnce()
  })
  it.each<[string, () => void]>([
    ['a place on the same page', () => history.pushState(null, '', '#reviews')],
    ['the same address', () => history.pushState(null, '', location.href)],
    [
      'a query that is replaced, letter by letter',
      () => {
        for (const text of ['s', 'sh', 'sho']) history.replaceState(null, '', `?q=${text}`)
      },
    ],
  ])('to %s is none', (_name, go) => {
    go()
    expect(heard).not.toHaveBeenCalled()
  })
  it('to another path is one also where it replaces', () => {
    history.replaceState(null, '', '/elsewhere')
    expect(heard).toHaveBeenCalledOnce()
  })
  it('back to a query that was left is one, after others were replaced', async () => {
    history.pushState(null, '', '?page=2')
    history.replaceState(null, '', '?page=2&q=x')
    expect(heard).toHaveBeenCalledOnce()
    history.back()
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2))
  })
  it('is not heard of any more after it was stopped', () => {
    stop()
    history.pushState(null, '', '?late')
    expect(heard).not.toHaveBeenCalled()
  })
})
