import { relative } from 'node:path'
import type { ProcessEntry } from './fleet.ts'
import { repositoryRoot } from './repository.ts'
import type { ReadyStack } from './state-file.ts'
import type { OpsAccess } from './system.ts'

/** What is where, and three commands to try. */
export function welcome(
  { urls, servers, ops }: ReadyStack,
  processes: readonly ProcessEntry[],
  seconds: number,
): string {
  const { gateway, webhookGateway, simulator } = urls
  const rows = processes.map(({ name, pid, port, log }) => {
    return `  ${name.padEnd(16)} port ${String(port).padEnd(6)} pid ${String(pid).padEnd(8)} ${relative(repositoryRoot, log)}`
  })
  const order = `curl -s -X POST ${gateway}/api/order-commands -H 'content-type: application/json' -d '{"userId":1,"items":[{"productId":1,"quantity":2}]}'`
  return [
    `\nEverything is ready after ${seconds.toFixed(1)} s.`,
    ...rows,
    '',
    `  HTTP API         ${gateway}  (try it in a browser: ${gateway}/docs)`,
    `  Toss webhooks    ${webhookGateway}/api/webhooks/toss`,
    simulator === '' ? `  Toss             ${process.env.TOSS_BASE_URL}` : `  Toss, simulated  ${simulator}`,
    ...Object.entries(servers).map(([name, value]) => `  ${name.padEnd(16)} ${value}`),
    '',
    'Try:',
    `  curl -s ${gateway}/api/products`,
    `  ${order}`,
    `  curl -s '${gateway}/api/orders/me?userId=1'`,
    '',
    ...howToOperate(ops),
    'npm run demo, in a second terminal, plays a whole purchase. Ctrl-C ends everything.',
  ].join('\n')
}

/** Everybody on this machine is one of the local operators; the first, unless OPERATOR_TOKEN says who. */
function howToOperate({ operators }: OpsAccess): string[] {
  if (operators.length === 0) return ['Operators: OPERATOR_TOKEN=<your token> npm run ops -- --help', '']
  return [
    `Operators: npm run ops -- --help, in a second terminal. You are ${operators[0]?.name}; to be somebody else:`,
    ...operators.slice(1).map(({ name, token }) => `  export OPERATOR_TOKEN=${token}  # ${name}`),
    '',
  ]
}
