import { describe, expect, it } from 'vitest'
import { withQuery } from '../api/query.ts'
import { hrefOf, placeOf } from './place.ts'

const from = new URLSearchParams('period=7d&tz=Asia/Tokyo&site=2&text=late&cursor=9')

describe('an address', () => {
  it('keeps period, zone and site from page to page, and nothing else', () => {
    expect(hrefOf({ page: 'surveys', id: 'a/b?c' }, from)).toBe(
      '/dashboard/surveys/a%2Fb%3Fc?period=7d&tz=Asia%2FTokyo&site=2',
    )
    expect(hrefOf({ page: '', query: { period: null, tz: null, site: null } }, from)).toBe('/dashboard')
  })
  it('is read as it was written', () => {
    const href = hrefOf({ page: 'people', id: 'ü 1/2', query: { view: 'x' } }, new URLSearchParams())
    const place = placeOf(new URL(href, 'http://x'))
    expect([place.page, place.id, place.query.get('view')]).toEqual(['people', 'ü 1/2', 'x'])
    expect(placeOf(new URL('http://x/dashboard/')).page).toBe('')
    expect(placeOf(new URL('http://x/dashboard/people/%E0%A4%A')).id).toBe('%E0%A4%A')
  })
  it('of the collector leaves out what is not given', () => {
    expect(withQuery('/v1/x', { a: '', b: null, c: 0, d: ['1', '2'] })).toBe('/v1/x?c=0&d=1&d=2')
    expect(withQuery('/v1/x', { a: undefined })).toBe('/v1/x')
  })
})
