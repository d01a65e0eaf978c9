// How much processor time the simulator takes for a confirm, and what it remembers of it. Both are taken from /proc, so
// that other load on the machine does not change them much: `npm run measure -w packages/toss-simulator [confirms]`.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { Agent, createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const CONFIRMS = Math.min(Number(process.argv[2] ?? 20_000), 1_000_000)
const CLIENTS = 64
/** The kernel counts in ticks of a hundredth of a second. */
const TICK_MS = 10

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
const authorization = `Basic ${Buffer.from('test_sk_measure:').toString('base64')}`
const directory = await mkdtemp(join(tmpdir(), 'toss-measure-'))
let received = 0
const receiver = createServer((req, res) => {
  received += 1
  req.resume()
  res.end()
}).listen(0, '127.0.0.1')

async function measure(what, webhookUrls) {
  const dataDir = join(directory, what.replaceAll(' ', '-'))
  const simulator = await startSimulator(dataDir, webhookUrls)
  const { pid, port } = simulator
  try {
    // The first thousand are for the compiler.
    await confirmAll(port, 'warm', 1_000)
    const before = sample(pid)
    await each(CONFIRMS, (index) => open(port, `run-${index}`))
    const opened = sample(pid)
    const sent = received
    await each(CONFIRMS, (index) => confirm(port, `run-${index}`))
    while (webhookUrls !== '' && received - sent < CONFIRMS) await new Promise((resolve) => setTimeout(resolve, 20))
    const confirmed = sample(pid)
    const seconds = (confirmed.atMs - opened.atMs) / 1000
    const cpuMs = (confirmed.cpuMs - opened.cpuMs) / CONFIRMS
    const { size } = await stat(join(dataDir, 'books.jsonl'))
    console.log(
      [
        `${what}: ${CONFIRMS} confirms by ${CLIENTS} clients in ${seconds.toFixed(1)} s`,
        `CPU ${cpuMs.toFixed(3)} ms per confirm = ${Math.round(1000 / cpuMs)} per second on one core`,
        `CPU ${((opened.cpuMs - before.cpuMs) / CONFIRMS).toFixed(3)} ms per opened window`,
        `memory ${before.rssMb} MB → ${confirmed.rssMb} MB, books on disk ${Math.round(size / 2 ** 20)} MB`,
      ].join('\n  '),
    )
  } finally {
    await simulator.stop()
  }
}

async function startSimulator(dataDir, webhookUrls) {
  const main = fileURLToPath(new URL('dist/main.js', import.meta.url))
  const env = { HTTP_PORT: '0', DATA_DIR: dataDir, TOSS_SECRET_KEY: 'test_sk_measure', WEBHOOK_URLS: webhookUrls }
  const flags = (process.env.SIMULATOR_FLAGS ?? '').split(' ').filter((flag) => flag !== '')
  const child = spawn(process.execPath, [...flags, main], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, port } = JSON.parse(line)
    if (msg !== 'listening') continue
    const stop = () => {
      child.kill('SIGTERM')
      return exited
    }
    return { pid: child.pid, port, stop }
  }
  throw new Error('the simulator ended before it listened')
}

async function confirmAll(port, prefix, count) {
  await each(count, async (index) => {
    await open(port, `${prefix}-${index}`)
    await confirm(port, `${prefix}-${index}`)
  })
}

/** As many at once as there are clients, each as soon as the one before is done. */
async function each(count, act) {
  let next = 0
  const client = async () => {
    while (next < count) {
      const index = next
      next += 1
      await act(index)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
}

const bodyOf = (name) => ({ paymentKey: `pay-${name}`, orderId: `ORD-${name}`, amount: 10_000 })
const open = (port, name) => post(port, '/simulator/payments', bodyOf(name), {})
const confirm = (port, name) =>
  post(port, '/v1/payments/confirm', bodyOf(name), { authorization, 'idempotency-key': `confirm-${name}` })

function post(port, path, body, headers) {
  const text = JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const length = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const sent = request({ agent, port, path, method: 'POST', headers: { ...length, ...headers } }, (res) => {
      res.resume()
      res.once('end', () => (res.statusCode === 200 ? resolve() : reject(new Error(`${path}: ${res.statusCode}`))))
    })
    sent.once('error', reject)
    sent.end(text)
  })
}

function sample(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  const cpuMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS
  return { atMs: performance.now(), cpuMs, rssMb: Math.round(Number(kb) / 1024) }
}

try {
  await measure('without webhooks', '')
  await measure('with a webhook for each', `http://127.0.0.1:${receiver.address().port}/`)
} finally {
  agent.destroy()
  receiver.close()
  receiver.closeAllConnections()
  await rm(directory, { recursive: true })
}
