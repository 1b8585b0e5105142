/** Holds packages/collector/src/core/builtInWords.json, what the SDK says in each language and the collector needs for mail and hosted pages; `--write` renews it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { languages, standardTexts, templateTexts } from '../packages/contract/src/index.ts'
import { pageWords } from '../packages/sdk/src/ui/kinds/strings.ts'
import type { LanguageWords, TemplateWords } from '../packages/sdk/src/words/words.ts'
import { report } from './violation.ts'

const file = 'packages/collector/src/core/builtInWords.json'
const names = [
  'next',
  'send',
  'skip',
  'required',
  'specify',
  'step',
  'chooseOne',
  'writeOne',
  'misfit',
] as const

/** Those of English that stand in the files of the types of questions, which Node does not read. */
const ofTypes = {
  specify: 'Please say which',
  writeOne: 'Write an answer to go on.',
  misfit: 'This does not look right. Please check it.',
}

const entries = await Promise.all(
  languages.map(async (tag) => {
    const words =
      tag === 'en'
        ? { version: 1, reviewed: true, kinds: { ...pageWords, ...ofTypes }, standard: standardTexts }
        : ((await import(`../packages/sdk/src/words/${tag}.ts`)) as { words: LanguageWords }).words
    const templates =
      tag === 'en'
        ? templateTexts
        : ((await import(`../packages/sdk/src/words/templates/${tag}.ts`)) as { texts: TemplateWords }).texts
    const page = Object.fromEntries(names.map((name) => [name, words.kinds[name]]))
    return [
      tag,
      { version: words.version, reviewed: words.reviewed, page, texts: { ...words.standard, ...templates } },
    ] as const
  }),
)
const wanted = `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`
if (process.argv.includes('--write')) writeFileSync(file, wanted)
else
  report(
    'mail words',
    readFileSync(file, 'utf8') === wanted
      ? []
      : [
          {
            file,
            problem: 'is not what the SDK says',
            mend: 'Renew it: node --conditions=@earshot/source scripts/mailWords.ts --write',
          },
        ],
  )
