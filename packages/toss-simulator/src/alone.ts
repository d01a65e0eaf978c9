import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { type Config, readConfig } from './config.ts'
import { start } from './simulator.ts'

/** What `npm run simulator` uses where the environment says nothing; the variables are those of the process. */
const defaults = {
  DATA_DIR: fileURLToPath(new URL('../../../.stack/simulator', import.meta.url)),
  TOSS_SECRET_KEY: 'test_sk_local',
  LOG_LEVEL: 'warn',
}

/**
 * `npm run simulator`: the simulator in the foreground until Ctrl-C, with no other server, and with books that the next
 * start finds again. Resolves with the exit code.
 */
export async function runAlone(): Promise<number> {
  const config = readConfig(undefined, defaults)
  const log = pino({ level: config.logLevel })
  const simulator = await start(config, log)
  console.log(welcome(config, simulator.port))
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await simulator.close()
  return 0
}

function welcome({ host, tossSecretKey, dataDir, webhookUrls }: Config, port: number): string {
  const url = `http://${host}:${port}`
  const window = `${url}/simulator/window?orderId=ORD-000001&amount=10000&successUrl=${url}/simulator&failUrl=${url}/simulator`
  return `
toss-simulator
  API              ${url}/v1   (instead of https://api.tosspayments.com/v1)
  Secret key       ${tossSecretKey}
  Console          ${url}/simulator
  Payment window   ${window}
  Webhooks         ${webhookUrls.length > 0 ? webhookUrls.join(' ') : 'sent nowhere; name an address with WEBHOOK_URLS'}
  Books            ${dataDir}   (delete it to begin anew)

Ctrl-C ends it.`
}
