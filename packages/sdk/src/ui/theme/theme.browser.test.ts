import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hex, readColor } from './color.ts'
import { themeCss } from './main.ts'

const numRuns = Number(import.meta.env['EARSHOT_RUNS'] ?? 200)

/** A card with rules as it has them of its own, and a theme after or before them. */
function styled(...sheets: readonly string[]): CSSStyleDeclaration {
  const root = document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'open' })
  root.adoptedStyleSheets = sheets.map((text) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    return sheet
  })
  const card = root.appendChild(document.createElement('div'))
  card.className = 'card'
  return getComputedStyle(card)
}
const own =
  '.card{--_bg:#fff;--_accent:#00f;font-family:var(--_font,monospace);border-radius:var(--_radius,12px)}' +
  '@media(prefers-color-scheme:light){.card{color-scheme:dark;--_bg:#111}}@media(prefers-color-scheme:dark){.card{--_bg:#222}}'

it('wins over the rules of the card wherever they stand, and is understood as it is meant', () => {
  const theme = themeCss({
    scheme: 'light',
    accent: '#0f766e',
    radius: 3.5,
    font: `Inter, "Source Sans 3", 'A & B', -apple-system, sans-serif`,
  })
  for (const style of [styled(own, theme), styled(theme, own)]) {
    expect(style.getPropertyValue('--_bg')).toBe('#ffffff')
    expect(style.getPropertyValue('--_accent')).toBe('#0f766e')
    expect(style.colorScheme).toBe('light')
    expect(style.borderRadius).toBe('3.5px')
    expect(style.fontFamily).toBe('Inter, "Source Sans 3", "A & B", -apple-system, sans-serif')
  }
})

it('has the scheme of the system where none is forced', () => {
  const isDark = matchMedia('(prefers-color-scheme:dark)').matches
  const style = styled(own, themeCss({ background: '#fffaf0', dark: { background: '#10201d' } }))
  expect(style.getPropertyValue('--_bg')).toBe(isDark ? '#10201d' : '#fffaf0')
  expect(style.colorScheme).toBe(isDark ? 'dark' : 'light')
})

it('reads colours as the browser does', () => {
  const context = new OffscreenCanvas(1, 1).getContext('2d')!
  const number = (most: number) => fc.integer({ min: -most * 20, max: most * 120 }).map((each) => each / 100)
  const text = fc.oneof(
    fc.tuple(number(255), number(255), number(255)).map((parts) => `rgb(${parts.join(', ')})`),
    fc.tuple(number(100), number(100), number(100)).map((parts) => `rgb(${parts.join('% ')}%)`),
    fc.tuple(number(360), number(100), number(100)).map(([h, s, l]) => `hsl(${h}deg ${s}% ${l}%)`),
    fc
      .tuple(fc.integer({ min: 20, max: 90 }), fc.integer({ min: 0, max: 360 }))
      .map(([l, h]) => `oklch(${l}% 0.02 ${h})`),
  )
  fc.assert(
    fc.property(text, (written) => {
      context.fillStyle = written
      context.fillRect(0, 0, 1, 1)
      const drawn = context.getImageData(0, 0, 1, 1).data
      for (const [index, part] of readColor(written)!.entries())
        expect(
          Math.abs(part - drawn[index]!),
          `${written} is ${hex(readColor(written)!)}`,
        ).toBeLessThanOrEqual(1)
    }),
    { numRuns },
  )
})
