import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { fencesOf } from './fences.ts'
import { findNats } from './nats.ts'

// There is no container engine in the tests: the files are read and held against what they must say.
const read = (path: string): string => readFileSync(path, 'utf8')
const help = execFileSync(
  process.execPath,
  ['--conditions=@earshot/source', 'packages/collector/src/cli.ts', '--help'],
  { encoding: 'utf8' },
)
const known = new Set([...help.matchAll(/EARSHOT_\w+/g)].map(([name]) => name))

it.each(['deploy/Dockerfile', 'deploy/compose.yaml', 'deploy/earshot-collector.service'])(
  '%s sets only what the collector reads, and holds no secret',
  (path) => {
    const text = read(path)
    for (const [name] of text.matchAll(/EARSHOT_\w+/g)) expect(known).toContain(name)
    expect(text).not.toMatch(/\b(pk|sk|mt)_\w{8}/)
  },
)

describe('the Dockerfile', () => {
  const instructions = read('deploy/Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const last = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM')))
  const of = (name: string): string[] => last.filter((line) => line.startsWith(`${name} `))

  it('is of Node 24 slim in both stages, and keeps nothing of the first but what runs', () => {
    expect(instructions.filter((line) => line.startsWith('FROM'))).toEqual([
      'FROM node:24-slim AS build',
      'FROM node:24-slim',
    ])
    expect(of('COPY')).toEqual(['COPY --from=build /out /app'])
  })
  it('runs as nobody of importance, whose directory is private', () => {
    expect(of('USER')).toEqual(['USER node'])
    expect(last.indexOf('USER node')).toBeLessThan(last.findIndex((line) => line.startsWith('ENTRYPOINT')))
    expect(of('RUN')).toEqual(['RUN install -d -o node -g node -m 0700 /data'])
    expect(of('VOLUME')).toEqual(['VOLUME /data'])
  })
  it('gives the collector the signals, and looks after its health with a command that works', () => {
    expect(of('ENTRYPOINT')).toEqual(['ENTRYPOINT ["node", "dist/cli.js"]'])
    expect(of('STOPSIGNAL')).toEqual(['STOPSIGNAL SIGTERM'])
    const [health = ''] = of('HEALTHCHECK')
    const command = JSON.parse(/CMD (\[.*\])$/.exec(health)?.[1] ?? '[]') as string[]
    const [, ...args] = command
    // Nobody listens at port 2: unhealthy, and no hanging.
    expect(spawnSync(process.execPath, args, { env: { EARSHOT_PORT: '2' } }).status).toBe(1)
  })
})

describe('the compose file', () => {
  interface Service {
    image?: string
    ports?: string[]
    profiles?: string[]
    environment?: Record<string, string>
    [name: string]: unknown
  }
  const { services, volumes, configs } = parse(read('deploy/compose.yaml'), { merge: true }) as {
    services: Record<string, Service>
    volumes: object
    configs: Record<string, { content: string }>
  }
  const servers = ['nats-1', 'nats-2', 'nats-3']
  it('has the collector, PostgreSQL and NATS, each on a volume that there is', () => {
    expect(Object.keys(services)).toEqual(['collector', 'postgres', 'nats-1', 'nats-2', 'nats-3'])
    for (const service of Object.values(services))
      for (const volume of (service['volumes'] ?? []) as string[])
        expect(Object.keys(volumes)).toContain(volume.split(':')[0])
  })
  it('opens the collector to this machine only, and the others to nobody', () => {
    expect(services['collector']?.ports).toEqual(['127.0.0.1:8787:8787'])
    expect(services['postgres']?.ports).toBeUndefined()
    for (const name of servers) expect(services[name]?.ports).toBeUndefined()
  })
  it('lets the environment name the PostgreSQL that it brings', () => {
    expect(services['collector']?.environment?.['EARSHOT_STORE']).toBe('${EARSHOT_STORE:-}')
    const { POSTGRES_USER: user, POSTGRES_DB: database } = services['postgres']?.environment ?? {}
    expect(read('deploy/compose.yaml')).toContain(
      `EARSHOT_STORE=postgres://${user}:PASSWORD@postgres/${database} `,
    )
  })
  it('lets the environment name the log that it brings, of three servers which know each other', () => {
    expect(services['collector']?.environment?.['EARSHOT_LOG']).toBe('${EARSHOT_LOG:-}')
    expect(read('deploy/compose.yaml')).toContain(`EARSHOT_LOG=nats://${servers.join(',')} `)
    for (const name of servers) {
      expect(services[name]).toMatchObject({ volumes: [`${name}:/data`], profiles: ['nats'] })
      expect(services[name]?.['command']).toContain(name)
      expect(configs['nats']?.content).toContain(`nats://${name}:6222`)
    }
  })
  const program = findNats()
  it.skipIf(program === null)('has a configuration that NATS understands', () => {
    const version = execFileSync(program ?? '', ['--version'], { encoding: 'utf8' })
    const folder = mkdtempSync(join(tmpdir(), 'earshot-compose-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    // The server of Debian 12 does not know the setting that all hangs on.
    const content = (configs['nats']?.content ?? '').replace(
      version.includes('v2.9.') ? /sync_interval: always/ : /$^/,
      '',
    )
    writeFileSync(join(folder, 'nats.conf'), content)
    const args = ['--config', join(folder, 'nats.conf'), '-t']
    expect(String(spawnSync(program ?? '', args).stderr)).toMatch(
      /test succeeded|configuration file .* valid/i,
    )
  })
  it('takes rights away, and time for the end', () => {
    expect(services['collector']).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      stop_grace_period: '30s',
    })
  })
  it('has no password of its own, and NATS sync before it acknowledges', () => {
    expect(services['postgres']?.environment?.['POSTGRES_PASSWORD']).toMatch(/^\$\{POSTGRES_PASSWORD/)
    expect(configs['nats']?.content).toMatch(/sync_interval: always/)
  })
})

describe('the systemd unit', () => {
  const path = 'deploy/earshot-collector.service'
  const settings = new Map(
    [...read(path).matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
  it('runs as a user of its own with a private directory, and gives it time to end', () => {
    expect(settings.get('DynamicUser')).toBe('yes')
    expect(settings.get('StateDirectoryMode')).toBe('0700')
    expect(settings.get('UMask')).toBe('0077')
    expect(Number(settings.get('TimeoutStopSec'))).toBeGreaterThan(20)
    expect(settings.get('CapabilityBoundingSet')).toBe('')
    for (const name of [
      'NoNewPrivileges',
      'ProtectHome',
      'PrivateTmp',
      'PrivateDevices',
      'RestrictNamespaces',
    ])
      expect([name, settings.get(name)]).toEqual([name, 'yes'])
    // Node compiles while it runs, so this one would kill it.
    expect(settings.has('MemoryDenyWriteExecute')).toBe(false)
  })
  it('is found little exposed by systemd itself, where that is there', ({ skip }) => {
    const looked = spawnSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', path], {
      encoding: 'utf8',
    })
    if (looked.status !== 0) skip('there is no systemd-analyze that reads files')
    const exposure = Number(/exposure level[^:]*: ([\d.]+)/.exec(looked.stdout)?.[1])
    expect(exposure).toBeLessThan(2)
  })
})

/** A program of the machine, or where the environment says that it is; null for none. */
function programOf(name: 'nginx' | 'caddy'): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
  return process.env[`EARSHOT_${name.toUpperCase()}_BIN`] ?? found ?? null
}

describe('the recipes for proxies', () => {
  const block = (name: string): string =>
    fencesOf(name, read(`docs/recipes/${name}.md`)).find(({ language }) => language === name)?.text ?? ''
  const inFolder = (name: string, text: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-proxy-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, name), text)
    return folder
  }
  it('lead to the collector, and set what it believes', () => {
    expect(block('nginx')).toContain('proxy_pass http://127.0.0.1:8787;')
    expect(block('nginx')).toContain('X-Forwarded-For')
    expect(block('caddy')).toContain('reverse_proxy 127.0.0.1:8787')
  })
  const nginx = programOf('nginx')
  it.skipIf(nginx === null)('are understood by nginx', () => {
    const folder = inFolder('nginx.conf', '')
    const options = [
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=feedback.example.com',
      '-days',
      '1',
    ]
    const files = ['-keyout', join(folder, 'privkey.pem'), '-out', join(folder, 'fullchain.pem')]
    execFileSync('openssl', ['req', ...options, ...files], { stdio: 'ignore' })
    const text = block('nginx').replaceAll('/etc/letsencrypt/live/feedback.example.com', folder)
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (each) => `${each}_temp_path ${folder}/${each};`,
    )
    const whole = `pid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\n${temporary.join('\n')}\n${text}\n}\n`
    writeFileSync(join(folder, 'nginx.conf'), whole)
    const said = spawnSync(nginx ?? '', ['-t', '-p', folder, '-c', join(folder, 'nginx.conf')])
    expect(String(said.stderr)).toMatch(/test is successful/)
  })
  const caddy = programOf('caddy')
  it.skipIf(caddy === null)('are understood by Caddy', () => {
    const folder = inFolder('Caddyfile', block('caddy'))
    const options = ['validate', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile']
    const said = spawnSync(caddy ?? '', options, { env: { ...process.env, HOME: folder } })
    expect(`${String(said.stdout)}${String(said.stderr)}`).toMatch(/Valid configuration/)
  })
})
