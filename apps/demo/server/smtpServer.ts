/** A mail server as a process of its own, which delivers to nobody: each message that it takes is a file in the directory that it is given. */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'

const [directory = '.'] = process.argv.slice(2)
let taken = 0

const server = new SMTPServer({
  authOptional: true,
  hideSTARTTLS: true,
  logger: false,
  onData(stream, _, done) {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const path = join(directory, `${++taken}.eml`)
      // It has its name once it is whole, so that nobody reads half of it.
      writeFile(`${path}.part`, Buffer.concat(chunks))
        .then(() => rename(`${path}.part`, path))
        .then(() => done(), done)
    })
  },
})
server.listen(0, '127.0.0.1', () => {
  const at = server.server.address()
  process.stdout.write(`${typeof at === 'object' && at !== null ? at.port : 0}\n`)
})
// Who has started it is gone.
process.stdin.on('end', () => process.exit()).resume()
