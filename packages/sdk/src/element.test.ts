import { describe, expect, it } from 'vitest'
import { defineEarshotElement } from './element.ts'

describe('on a server', () => {
  it('defines nothing, starts nothing, and takes commands', async () => {
    const globals = Object.getOwnPropertyNames(globalThis).toSorted()
    const earshot = defineEarshotElement({ key: 'pk_1', collector: 'https://feedback.example.com' })
    earshot.track('rendered')
    await earshot.flush()
    expect(await earshot.explain('q')).toMatchObject({ show: false, reason: 'not-ready' })
    expect(Object.getOwnPropertyNames(globalThis).toSorted()).toEqual(globals)
  })
})

describe('the types', () => {
  it('refuse what makes no sense', () => {
    const never = (): void => {
      // @ts-expect-error the key is needed
      defineEarshotElement({ collector: 'https://feedback.example.com' })
      // @ts-expect-error options or a client
      defineEarshotElement()
    }
    expect(never).toBeTypeOf('function')
  })
})
