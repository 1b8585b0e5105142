/** The script-tag files of the SDK: the loader, and the chunks that it loads when they are needed. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { languages } from '@earshot/contract'
import { ownValue } from '../../core/text.ts'
import { problem } from '../errors.ts'
import { tagged, type Deps, type Route } from '../route.ts'

/** Types of questions, and looks of a scale, that the SDK has in files of their own. */
const kindTypes = ['stars', 'faces', 'thumbs', 'yesno', 'choice', 'text', 'statement', 'link'] as const

/** The chunks of the SDK, in the directory of its browser files. */
const chunks = [
  'outbox.js',
  'keeper.js',
  'card.js',
  'places.js',
  'kinds.js',
  ...kindTypes.map((type) => `kind-${type}.js` as const),
  'rules.js',
  'explain.js',
  'scrub.js',
  'theme.js',
  'words.js',
  'words-templates.js',
  // English comes with the card.
  ...languages
    .filter((tag) => tag !== 'en')
    .flatMap((tag) => [`words-${tag}.js`, `words-templates-${tag}.js`] as const),
] as const

/** The routes of this file. No part of an address ever becomes part of a path on the disk. */
export function fileRoutes({ browserFiles, hash }: Deps): Route[] {
  const serve = async (
    request: Request,
    name: 'earshot.js' | (typeof chunks)[number],
    caching: string,
  ): Promise<Response> => {
    const content = browserFiles === null ? null : await readIfThere(join(browserFiles, name))
    if (content === null)
      return problem(
        404,
        'browser_files_missing',
        `${name} is not there. Build the SDK (pnpm build), and start the collector with the directory of its browser files.`,
      )
    return tagged(request, content, hash, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': caching,
      // Any page may load it, also one that isolates itself with COEP, and subresource integrity needs CORS.
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    })
  }
  return [
    {
      method: 'GET',
      path: '/earshot.js',
      access: 'open',
      handle: ({ request }) => serve(request, 'earshot.js', 'public, max-age=300'),
    },
    ...chunks.map((name): Route => ({
      method: 'GET',
      path: `/sdk/{version}/${name}`,
      access: 'open',
      async handle({ request, params }) {
        // A loader that a browser or a CDN cached before the upgrade asks for the chunk of its own version. It must
        // go on working, so it gets the chunk that is here; but nobody may keep that under the old address.
        const isCurrent = browserFiles !== null && params.version === (await versionIn(browserFiles))
        return serve(request, name, isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })),
  ]
}

async function versionIn(directory: string): Promise<unknown> {
  const content = await readIfThere(join(directory, 'version.json'))
  if (content === null) return undefined
  try {
    return ownValue(JSON.parse(content.toString('utf8')), 'version')
  } catch {
    return undefined
  }
}

async function readIfThere(path: string): Promise<Buffer<ArrayBuffer> | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return null
    throw error
  }
}
