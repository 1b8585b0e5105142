import { describe, expect, it } from 'vitest'
import { covers } from './covers.ts'

const box = (left: number, top: number, right: number, bottom: number) => ({ left, top, right, bottom })
const card = box(800, 500, 1250, 700)

describe('a card', () => {
  it.each([
    ['all of it', box(900, 600, 1000, 640), true],
    ['most of it', box(760, 600, 1000, 640), true],
    ['a corner of it', box(600, 450, 820, 540), false],
    ['nothing of it', box(10, 10, 60, 30), false],
    ['the middle of something large', box(0, 0, 2000, 1200), false],
    ['what has no size, such as a box that is only drawn', box(900, 600, 900, 600), true],
    ['what has no size elsewhere', box(90, 600, 90, 600), false],
    ['what only touches its edge', box(1250, 500, 1400, 700), false],
  ])('covers %s', (_name, element, is) => {
    expect(covers(card, element)).toBe(is)
  })
})
