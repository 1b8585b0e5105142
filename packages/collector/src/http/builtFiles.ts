/** Files of a directory as they were built, plain and packed, for the routes that serve them. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Hash } from '../ports/world.ts'
import { tagged } from './route.ts'

const packed = promisify(gzip)

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
}

interface Page {
  plain: Buffer<ArrayBuffer>
  gzip: Buffer<ArrayBuffer>
}

/** Serves a file by its path in the directory; null where it is not there. */
export type ServeBuilt = (
  request: Request,
  path: string,
  headers: Record<string, string>,
) => Promise<Response | null>

/**
 * @param directory null for none
 * @param isKept whether what was read once is in memory from then on
 * @example
 * const serve = createBuiltFiles('dist/dashboard', hash, (path) => path.startsWith('assets/'))
 * const response = await serve(request, 'index.html', { 'cache-control': 'no-cache' })
 */
export function createBuiltFiles(
  directory: string | null,
  hash: Hash,
  isKept: (path: string) => boolean,
): ServeBuilt {
  const read = new Map<string, Promise<Page>>()

  // No part of an address becomes part of a path on the disk: the path has to be one that is there.
  const find = async (wanted: string): Promise<Page | null> => {
    const kept = read.get(wanted)
    if (kept) return kept
    if (directory === null) return null
    const paths = await readdir(directory, { recursive: true }).catch((): string[] => [])
    const known = paths.find((each) => each.replaceAll('\\', '/') === wanted)
    if (known === undefined || !/(^|\/)[^./][^/]*\.[^/]+$/.test(wanted)) return null
    const page = load(join(directory, known))
    if (isKept(wanted)) read.set(wanted, page)
    return page.catch((error: unknown) => {
      read.delete(wanted)
      throw error
    })
  }

  return async (request, path, headers) => {
    const page = await find(path)
    if (!page) return null
    const isPacked = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
    return tagged(request, isPacked ? page.gzip : page.plain, hash, {
      'content-type': types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
      vary: 'accept-encoding',
      ...(isPacked && { 'content-encoding': 'gzip' }),
      ...headers,
    })
  }
}

async function load(path: string): Promise<Page> {
  const plain = await readFile(path)
  return { plain, gzip: await packed(plain, { level: 9 }) }
}
