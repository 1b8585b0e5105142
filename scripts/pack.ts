/** Packs the packages as they are published, into a folder. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Folders of the packages that are published; who needs another stands after it. */
export const published = ['contract', 'metrics', 'sdk', 'collector'] as const

/** A package, packed. */
export interface Packed {
  /** `@earshot/sdk` */
  name: string
  version: string
  /** Path of the tarball. */
  tarball: string
  /** Path of the folder that it was packed from. */
  folder: string
}

/**
 * Packs all of them; needs `pnpm build` first.
 *
 * @param into - Folder for the tarballs; it has to be there.
 * @example
 * const [contract] = await packAll(mkdtempSync('/tmp/earshot-')) // contract.tarball ends with earshot-contract-0.1.0.tgz
 */
export async function packAll(into: string): Promise<Packed[]> {
  return Promise.all(
    published.map(async (each) => {
      const folder = resolve('packages', each)
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Packed
      await run('pnpm', ['pack', '--pack-destination', into], { cwd: folder })
      const tarball = join(into, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
      return { name, version, tarball, folder }
    }),
  )
}
