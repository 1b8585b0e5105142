import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { beyondLean, cuts, leanSource } from './leanPreact.ts'

const folder = 'node_modules/preact/src'
const read = (file: string): string => readFileSync(`${folder}/${file}`, 'utf8')

describe('each cut', () => {
  it.each([...new Set(cuts.map(({ file }) => file))])('finds its text in %s, and no second time', (file) => {
    const lean = leanSource(file, read(file))
    expect(lean.length).toBeLessThan(read(file).length)
    // What was cut is not there to be cut again.
    expect(() => leanSource(file, lean)).toThrow('scripts/leanPreact.ts looks for a text that is not in')
  })
  it('that is not found says where it was looked for, why, and what to do', () => {
    const other = read('util.js').replace('node.parentNode', 'node.isConnected')
    expect(() => leanSource('util.js', other)).toThrow(
      /not in src\/util\.js of preact \d+\.\d+\.\d+: if \(node && node\.parentNode\)[\s\S]+ because .+ Read what stands there now, and mend or delete that row/,
    )
  })
  it('that is found twice is not guessed at', () => {
    expect(() => leanSource('util.js', read('util.js').repeat(2))).toThrow('more than once')
  })
})

describe('a source of the card', () => {
  const sources = globSync('packages/sdk/src/ui/**/*.{ts,tsx}').filter(
    (path) => !/\.test\.|fixtures/.test(path),
  )
  it.each(sources)('%s needs nothing that was cut', (path) => {
    expect(beyondLean(path, readFileSync(path, 'utf8'))).toEqual([])
  })
  it('is there', () => {
    expect(sources).toContain('packages/sdk/src/ui/card.tsx')
    expect(sources).toContain('packages/sdk/src/ui/kinds/main.tsx')
  })
  it.each([
    ["import { Fragment } from 'preact'", 'imports Fragment from preact'],
    ["import { h, type JSX, createPortal as p } from 'preact'", 'imports createPortal from preact'],
    ["import * as all from 'preact'", 'imports all from preact'],
    ["import { useState } from 'preact/hooks'", 'imports preact/hooks'],
    ["export { Component } from 'preact'", 'imports Component from preact'],
    ['const a = <Card />', 'draws the component Card'],
    ['const a = <kinds.card />', 'draws the component'],
    ['const a = <><b /></>', 'has <>'],
    ['const a = <b ref={take} />', 'has "ref"'],
    ['const a = <b style="color:red" />', 'has "style"'],
    ["const a = <b {...{ style: 'color:red' }} />", 'has "style"'],
    ['const a = <b dangerouslySetInnerHTML={{ __html: text }} />', 'has "dangerouslySetInnerHTML"'],
    ['const a = <input defaultValue="x" />', 'has "defaultValue"'],
    ['const a = <b onClickCapture={go} />', 'has "onClickCapture"'],
    ['const a = <b onclick={go} />', 'has "onclick"'],
    ['const a = <b onClick={open && go} />', 'has onClick now and then'],
    ['const a = <b onClick={open ? go : stop} />', 'has onClick now and then'],
    ['const a = <b spellcheck={false} />', 'has "spellcheck"'],
    ['const a = <select />', 'has <select>'],
    ['const a = <b className="x" />', 'has "className"'],
    ['const a = <use xlink:href="#x" />', 'has "xlink:href"'],
    ['const a = <progress value={1} />', 'has <progress>'],
    ["const a = h('progress')", 'has <progress>'],
    ['const a = h(Card, null)', 'draws the component Card'],
    ['const a = <svg><foreignObject /></svg>', 'has <foreignObject>'],
    ['const a = <math />', 'has <math>'],
    ['const a = <template />', 'has <template>'],
    ['const a = flow._dom', 'has the field _dom'],
    ['const a = { _dom: 1 }', 'has the field _dom'],
  ])('may not say %s', (text, told) => {
    expect(beyondLean('card.tsx', text).join()).toContain(told)
  })
  it('may import what it draws with, and types', () => {
    const text = "import { h, render, type JSX } from 'preact'\nimport type { VNode } from 'preact'"
    expect(beyondLean('card.tsx', text)).toEqual([])
  })
})
