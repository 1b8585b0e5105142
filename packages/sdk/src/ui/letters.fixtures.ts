/** Letters of languages for which the machine that runs the tests may have none: boxes have other widths than letters. */
import '@fontsource-variable/noto-sans-devanagari'
import '@fontsource-variable/noto-sans-jp'
import '@fontsource-variable/noto-sans-kr'
import '@fontsource-variable/noto-sans-sc'

const scripts: Readonly<Record<string, string>> = { hi: 'Devanagari', ja: 'JP', ko: 'KR', 'zh-Hans': 'SC' }

/** The family that has the letters of a language, or nothing where every machine has them. */
export const lettersOf = (language: string): string | undefined =>
  Object.hasOwn(scripts, language) ? `Noto Sans ${scripts[language]} Variable` : undefined

/**
 * Gives a card the letters of its language, in all weights that it uses, and waits until they are there.
 *
 * @throws when a letter of the card is in no font
 */
export async function giveLetters({ host, root }: { host: HTMLElement; root: ShadowRoot }): Promise<void> {
  const family = lettersOf(host.lang)
  if (!family) return
  document.documentElement.style.setProperty('--earshot-font', `'${family}',system-ui`)
  const text = root.textContent ?? ''
  const loaded = await Promise.all(
    ['400', '600'].map((weight) => document.fonts.load(`${weight} 16px '${family}'`, text)),
  )
  if (loaded.some((faces) => faces.length === 0)) throw new Error(`${family} has no letters for "${text}"`)
}

/** Takes the letters away again. */
export const takeLetters = (): void => void document.documentElement.style.removeProperty('--earshot-font')
