import { describe, expect, it } from 'vitest'
import { pageBytes, streamPages, type Page, type ReadPage } from './pages.ts'
import { createStreams } from './streams.ts'

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes)

/** Pages of these texts; notes what was asked for. */
function pagesOf(texts: readonly string[]): {
  read: ReadPage
  asked: { after: number; room: ArrayBuffer | undefined }[]
} {
  const asked: { after: number; room: ArrayBuffer | undefined }[] = []
  return {
    asked,
    read: async (after, room) => {
      asked.push({ after, room })
      const memory = new Uint8Array(room ?? new ArrayBuffer(pageBytes))
      const { written } = new TextEncoder().encodeInto(texts[after] ?? '', memory)
      const page: Page = {
        bytes: memory.subarray(0, written),
        row: after + 1,
        hasMore: after + 1 < texts.length,
      }
      return page
    },
  }
}

describe('pages', () => {
  it('come one after another behind the header, also one that is empty', async () => {
    for (const texts of [['a', '', 'ä'.repeat(1000)], [''], ['only']]) {
      const { read } = pagesOf(texts)
      const whole = await new Response(streamPages(createStreams(), 'head\n', read)).text()
      expect(whole).toBe(`head\n${texts.join('')}`)
    }
  })

  it('fill the memory that their reader brings, whatever its size', async () => {
    const texts = Array.from({ length: 7 }, (_, index) => String(index).repeat(index * 10))
    for (const size of [1, 3, 64, 1000]) {
      const stream = streamPages(createStreams(), 'head\n', pagesOf(texts).read)
      const reader = stream.getReader({ mode: 'byob' })
      let whole = ''
      let memory = new Uint8Array(size)
      for (;;) {
        const { done, value } = await reader.read(memory)
        if (done) break
        whole += text(value)
        memory = new Uint8Array(value.buffer)
        expect(memory.byteLength).toBe(size)
      }
      expect(whole).toBe(`head\n${texts.join('')}`)
    }
  })

  it('are read one ahead and no more, into two pieces of memory', async () => {
    const { read, asked } = pagesOf(Array.from({ length: 9 }, (_, index) => `${index};`))
    const reader = streamPages(createStreams(), '', read).getReader()
    await new Promise((resolve) => setImmediate(resolve))
    expect(asked).toEqual([])
    let got = ''
    for (let count = 1; count <= 4; count++) {
      got += text((await reader.read()).value)
      await new Promise((resolve) => setImmediate(resolve))
      expect(asked.map((each) => each.after)).toEqual(Array.from({ length: count + 1 }, (_, index) => index))
    }
    expect(got).toBe('0;1;2;3;')
    const [first, second, ...others] = asked.map((each) => each.room)
    expect([first, second]).toEqual([undefined, undefined])
    expect(new Set(others).size).toBe(2)
  })

  it('that cannot be read break the stream off, and end it for who waits for its end', async () => {
    const streams = createStreams()
    let count = 0
    const read: ReadPage = async (after) => {
      if (count++ > 0) throw new Error('broken on purpose')
      return { bytes: new TextEncoder().encode('first'), row: after + 1, hasMore: true }
    }
    const reader = streamPages(streams, '', read).getReader()
    expect(text((await reader.read()).value)).toBe('first')
    await expect(reader.read()).rejects.toThrow('broken on purpose')
    await streams.finish(60_000)
  })

  it('end for who waits for it when they are all read, and when nobody wants them any more', async () => {
    const streams = createStreams()
    await new Response(streamPages(streams, '', pagesOf(['a', 'b']).read)).text()
    await streamPages(streams, '', pagesOf(['a', 'b']).read).cancel()
    await streams.finish(60_000)
  })
})
