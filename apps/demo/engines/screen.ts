/** A screen that nobody sees, and pictures of it: a WebKit that is driven gives none of a page that has nothing new to draw. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'

/** Where something is on the screen, in pixels. */
interface Area {
  left: number
  top: number
  width: number
  height: number
}

export interface Screen {
  /** As in `DISPLAY`. */
  display: string
  /** PNG of a part of it. */
  picture(area: Area): Promise<Buffer>
  end(): Promise<void>
}

/** Its size in pixels. The pointer is in its middle, and stays there. */
export const screenSize = { width: 1600, height: 2000 }

/** Starts one, which says its number once it is there. It keeps what is seen in a file of that folder. */
export async function startScreen(program: string, folder: string): Promise<Screen> {
  const { width, height } = screenSize
  const child = spawn(
    program,
    ['-displayfd', '1', '-screen', '0', `${width}x${height}x24`, '-fbdir', folder, '-nolisten', 'tcp'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    display: `:${String(said).trim()}`,
    picture: async (area) => pngOf(await readFile(join(folder, 'Xvfb_screen0')), area),
    end: () => end(child, 'SIGTERM'),
  }
}

/** Ends a process that was started here, and waits until it has. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** A part of a dump of X (XWDFile.h), which has four bytes for each pixel: blue, green, red, nothing. */
function pngOf(dump: Buffer, { left, top, width, height }: Area): Buffer {
  const [begin, perLine, colors] = [0, 48, 76].map((at) => dump.readUInt32BE(at)) as [number, number, number]
  const from = begin + colors * 12
  const rows = Buffer.alloc(height * (1 + width * 3))
  for (let y = 0, to = 0; y < height; y++) {
    to++
    for (let x = 0; x < width; x++, to += 3) {
      const at = from + (top + y) * perLine + (left + x) * 4
      rows[to] = dump[at + 2] ?? 0
      rows[to + 1] = dump[at + 1] ?? 0
      rows[to + 2] = dump[at] ?? 0
    }
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  // Eight bits for each of three colours.
  head.set([8, 2], 8)
  const parts = [part('IHDR', head), part('IDAT', deflateSync(rows)), part('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts])
}

function part(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
