import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { stub } from './stub.ts'

describe('the inline queue', () => {
  it('is the one line that the README gives', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    expect(readme).toContain(`<script>${stub}</script>`)
  })
})
