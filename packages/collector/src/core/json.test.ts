import { expect, it } from 'vitest'
import { isClean, readJson } from './json.ts'
import { cleanValue } from './text.ts'

it.each(['{"a":"b"}', '{"a":"\\n\\t\\"\\\\ /ü😀"}', '[1,-0,1e3,null]', ' {"a" : [] } '])(
  'the text %s needs no cleaning',
  (text) => {
    expect(isClean(text)).toBe(true)
    const read = readJson(text)
    expect(read.ok && cleanValue(read.value)).toEqual(read.ok && read.value)
  },
)

it.each(['"\\u0000"', '"\\b"', '"\\f"', '"\\r"', '"\\ud800"', '{"\\u0007":1}'])(
  'the text %s may need cleaning',
  (text) => {
    expect(isClean(text)).toBe(false)
  },
)
