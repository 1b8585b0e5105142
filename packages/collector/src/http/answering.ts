/** Who answers in a body, by a look at its bytes. */
const answerMark = Buffer.from('"type":"answer"')
const visitorMark = Buffer.from('"visitor":"')
const quote = 0x22

/**
 * The visitor of whom a body has answers, where there is only one and the body is written as the SDK writes it. It may be wrong
 * about any other body; `readWatched` finds that out.
 *
 * @returns null when there is no answer in it; undefined when it takes more than a look to tell
 * @example
 * answering(Buffer.from('{"key":"pk_1",…,"type":"answer",…,"visitor":"4f1c…"}]}')) // '4f1c…'
 */
export function answering(body: Buffer): string | null | undefined {
  if (!body.includes(answerMark)) return null
  let visitor: string | undefined
  for (let at = body.indexOf(visitorMark); at >= 0; at = body.indexOf(visitorMark, at)) {
    at += visitorMark.length
    const end = body.indexOf(quote, at)
    if (end < 0) return undefined
    const found = body.toString('utf8', at, end)
    if (found.includes('\\') || (visitor !== undefined && found !== visitor)) return undefined
    visitor = found
    at = end
  }
  return visitor
}
