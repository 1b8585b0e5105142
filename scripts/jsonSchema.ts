/** Holds packages/contract/feedback.schema.json, the wire for other languages, equal to the zod schema; `--write` renews it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { feedbackRequestSchema } from '../packages/contract/src/schema.ts'
import { report } from './violation.ts'

const file = 'packages/contract/feedback.schema.json'
const schema = {
  title: 'Body of POST /v1/feedback, Earshot wire version 1',
  ...z.toJSONSchema(feedbackRequestSchema, { io: 'input' }),
}
const text = `${JSON.stringify(schema, null, 2)}\n`

if (process.argv.includes('--write')) writeFileSync(file, text)
const isSame = existsSync(file) && readFileSync(file, 'utf8') === text
report(
  'jsonSchema',
  isSame
    ? []
    : [
        {
          file,
          problem: 'is not what the zod schema says',
          mend: 'Run `node scripts/jsonSchema.ts --write` and look at the difference.',
        },
      ],
)
