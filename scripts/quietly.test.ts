import { describe, expect, it } from 'vitest'
import { runQuietly } from './quietly.ts'

async function run(script: string, isTTY = false): Promise<{ code: number; told: string }> {
  let told = ''
  const code = await runQuietly('build', script, { isTTY, write: (text) => (told += text) })
  return { code, told }
}

describe('a script, quietly', () => {
  it('says nothing of what went well, but how long it took', async () => {
    const { code, told } = await run('echo many lines && echo more >&2')
    expect(code).toBe(0)
    expect(told).toMatch(/^build: 2 steps …\nbuild: done in \d+ s\n$/)
  })
  it('says all that a step said which fails, and what failed, and goes no further', async () => {
    const { code, told } = await run(
      `echo fine && node -e "console.log('out');console.error('whole '+'line '.repeat(50000));process.exitCode=3" && echo never`,
    )
    expect(code).toBe(3)
    expect(told).toContain('out\n')
    expect(told).toContain('line '.repeat(50_000))
    expect(told).toMatch(/build: "node .*" failed with code 3\.\n$/)
    expect(told).not.toMatch(/fine\n|never/)
  })
  it('tells in one line how far it is, where a line can be written over', async () => {
    const { told } = await run('true && true', true)
    expect(told).not.toMatch(/\n./)
    expect(told).toContain('build: 2 of 2 …')
  })
  it('fails for a tool that is not there', async () => {
    const { code, told } = await run('no-such-tool')
    expect(code).not.toBe(0)
    expect(told).toContain('no-such-tool')
  })
})
