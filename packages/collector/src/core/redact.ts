/** Takes keys, passwords, and addresses of people out of what goes into a log. */

const rules: readonly (readonly [RegExp, string])[] = [
  [/\b(pk|sk|mt|whsec)_[\w+/=-]+/g, '$1_…'],
  [/\b(Bearer|Basic) +[\w.~+/=-]+/gi, '$1 …'],
  // The password in the address of a database.
  [/:\/\/[^\s/@]*@/g, '://…@'],
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g, '…@…'],
]

/**
 * The log is given no bodies, keys or comments. But it is given errors, and what is in the message of an error is for whoever
 * throws it to say.
 *
 * @example
 * redact('no mail to ada@example.com with sk_0123') // 'no mail to …@… with sk_…'
 */
export function redact(text: string): string {
  let clean = text
  for (const [pattern, mark] of rules) clean = clean.replace(pattern, mark)
  return clean
}
