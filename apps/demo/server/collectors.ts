/** The two collectors of the demo, with their surveys put and their line attached. */
import { fileURLToPath } from 'node:url'
import { createCollector, type Collector } from '@earshot/collector'
import type { SiteSettings, Survey } from '@earshot/sdk'

export interface CollectorSetting {
  data: string
  port: number
  writeKey: string
  adminToken: string
  origins: readonly string[]
  surveys: readonly Survey[]
  /** What holds for all of them; default nothing is said. */
  settings?: SiteSettings
  /** The mail server that it writes by; needs a port other than 0, since links lead there. Default: none. */
  smtp?: string | undefined
  /** Default: the machine's. */
  now?: (() => number) | undefined
  log: (line: string) => void
}

export interface RunningCollector {
  url: string
  port: number
  writeKey: string
  adminToken: string
  /** Calls the administration interface without the network. */
  admin(path: string, init?: RequestInit): Promise<Response>
  /** Stops it and starts it again on the same port with the same data. */
  restart(): Promise<void>
  close(): Promise<void>
}

const browserFiles = fileURLToPath(new URL('../../../packages/sdk/dist/browser', import.meta.url))

/** Starts a collector and puts its surveys. */
export async function startCollector(setting: CollectorSetting): Promise<RunningCollector> {
  const { data, writeKey, adminToken, origins, log } = setting
  let collector: Collector
  let port = setting.port

  const admin = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${adminToken}`)
    return collector.fetch(new Request(`http://collector${path}`, { ...init, headers }))
  }

  const start = async (): Promise<void> => {
    collector = await createCollector({
      data,
      writeKey,
      adminToken,
      origins,
      browserFiles,
      ...(setting.smtp !== undefined && {
        mail: { smtp: setting.smtp, from: 'Fernwood <hello@fernwood.example>' },
        publicUrl: `http://127.0.0.1:${port}`,
        // The receiver of the demo is on this machine.
        allowPrivateWebhooks: true,
      }),
      ...(setting.now && { clock: { now: setting.now } }),
      log: {
        info: () => {},
        error: (message, error) =>
          log(`collector: ${message}: ${error instanceof Error ? error.message : String(error)}`),
      },
    })
    try {
      for (const survey of setting.surveys) await put(`/v1/surveys/${survey.id}`, survey)
      if (setting.settings) await put('/v1/settings', setting.settings)
      port = (await collector.listen({ port, host: '127.0.0.1' })).port
    } catch (error) {
      await collector.close()
      throw error
    }
  }

  const put = async (path: string, body: Survey | SiteSettings): Promise<void> => {
    const response = await admin(path, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`The collector refused ${path}: ${await response.text()}`)
  }

  await start()
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    writeKey,
    adminToken,
    admin,
    async restart() {
      await collector.close()
      await start()
    },
    close: () => collector.close(),
  }
}
