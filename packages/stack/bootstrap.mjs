// The way into the stack on a fresh clone: installs the packages, builds, and hands over to what was built. It may use
// nothing but Node's own modules, because nothing else is there yet.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

const commands = {
  start: ['dist/start.js', 'start'],
  demo: ['dist/run-demo.js', 'runDemo'],
  test: ['dist/run-tests.js', 'runTests'],
  servers: ['dist/run-servers.js', 'runServers'],
  simulator: ['../toss-simulator/dist/alone.js', 'runAlone'],
  ops: ['../ops/dist/main.js', 'runOps'],
  bench: ['dist/bench/run-bench.js', 'runBench'],
  crash: ['dist/run-crash.js', 'runCrash'],
  model: ['dist/run-model.js', 'runModel'],
  planted: ['dist/run-planted.js', 'runPlanted'],
  fuzz: ['dist/run-fuzz.js', 'runFuzz'],
  chaos: ['dist/run-chaos.js', 'runChaos'],
  soak: ['dist/run-soak.js', 'runSoak'],
  proof: ['dist/run-proof.js', 'runProof'],
}

const [name = '', ...rest] = process.argv.slice(2)
if (!Object.hasOwn(commands, name)) {
  console.error(`usage: node packages/stack/bootstrap.mjs ${Object.keys(commands).join(' | ')}`)
  process.exit(2)
}
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old; 20.19 or newer is needed`)
  process.exit(1)
}

// What an operator asks for goes to a file or a pipe, so nothing else may be written there.
const isQuiet = name === 'ops'
if (!isInstalled()) run('installing packages (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund'])
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
// These need nothing of the services, which may be in the middle of being changed.
const needed = { servers: '@checkout/stack', simulator: '@checkout/toss-simulator', ops: '@checkout/ops' }[name]
const filter = needed === undefined ? [] : [`--filter=${needed}`]
if (isQuiet) useRunningStack()
run('building', join(root, 'node_modules/.bin/turbo'), ['run', 'build', '--output-logs=errors-only', ...filter], env)

const [file, entry] = commands[name]
const module = await import(new URL(file, import.meta.url).href)
try {
  process.exitCode = await module[entry](rest)
} catch (error) {
  // A message for the person in front of the terminal; anything else is a fault of the stack and shows where.
  console.error(error?.name === 'StackError' ? `\n${error.message}` : error)
  process.exitCode = 1
}
// What is still open here are handles of clients that were told to close; every process has ended.
process.exit()

/**
 * Whether node_modules holds what the lock asks for: npm writes what it installed beside the packages, as its last step.
 * Packages for other systems are in the lock and not on disk.
 */
function isInstalled() {
  const installedFile = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installedFile)) return false
  const read = (path) => JSON.parse(readFileSync(path, 'utf8')).packages
  const wanted = read(join(root, 'package-lock.json'))
  const installed = read(installedFile)
  return Object.entries(wanted).every(([path, { version, link, optional }]) => {
    if (!path.includes('node_modules/')) return true
    const found = installed[path]
    if (found === undefined) return optional === true
    return link === true ? found.link === true : found.version === version
  })
}

/** Tells an operators' command where `npm start` runs, unless the environment names a system. */
function useRunningStack() {
  const isTold = ['PAYMENT_ADDR', 'ORDER_ADDR', 'KAFKA_BROKERS'].some((variable) => process.env[variable])
  const file = join(root, '.stack/state.json')
  if (isTold || !existsSync(file)) return
  const { ops } = JSON.parse(readFileSync(file, 'utf8'))
  if (ops === undefined) return
  const [first] = ops.operators
  const known = { ...ops.env, ...(first === undefined ? {} : { OPERATOR_TOKEN: first.token }) }
  for (const [variable, value] of Object.entries(known)) process.env[variable] ||= value
}

function run(what, command, args, environment = process.env) {
  const startedAt = performance.now()
  if (!isQuiet) console.log(`${what} …`)
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    env: environment,
    stdio: isQuiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    maxBuffer: 64 << 20,
  })
  if (status !== 0) {
    if (isQuiet) process.stderr.write(Buffer.concat([stdout, stderr].filter((output) => output !== null)))
    console.error(`${what} failed${error ? `: ${error.message}` : ''}`)
    process.exit(1)
  }
  const seconds = (performance.now() - startedAt) / 1000
  if (!isQuiet) console.log(`${what}: ${seconds.toFixed(1)} s`)
  else if (seconds > 2) console.error(`${what}: ${seconds.toFixed(1)} s`)
}
