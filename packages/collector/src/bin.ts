#!/usr/bin/env node
/** The command as it is installed: says which Node it needs before anything is loaded that an older one does not have. */

/** The least Node that has SQLite without a flag, and with its search of texts (FTS5); `engines` in package.json says the same. */
const least = [22, 16] as const

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < least[0] || (major === least[0] && minor < least[1])) {
  process.stderr.write(
    `earshot-collector needs Node ${least.join('.')} or newer, and this is ${process.versions.node} (${process.execPath}). Install a newer one from https://nodejs.org, or run it once with: npx -y -p node@24 -p @earshot/collector earshot-collector\n`,
  )
  process.exitCode = 1
} else await import('./cli.ts')
