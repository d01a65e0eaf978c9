// `npm run check`: everything that can be said about the code without starting a server. Two steps run at a time; a step
// that fails shows what it wrote, the others one line each. `--without=unit` leaves a step out.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const bin = (name) => join(root, 'node_modules/.bin', name)
const script = (name) => [process.execPath, join(root, 'packages/stack', name)]
// What belongs together stands together in the compose files; an alphabet would tear it apart.
const orderRules = [
  'require-quotes-in-ports',
  'services-alphabetical-order',
  'service-keys-order',
  'top-level-properties-order',
].map((rule) => `--disable-rule=${rule}`)
const jestOptions = '--experimental-vm-modules --disable-warning=ExperimentalWarning'

/** Long ones first, so that the last to run is a short one. A step is done when all of its commands have passed. */
const steps = [
  // The root's tsconfig.json also refers to tsconfig.check.json, which holds the tests. The generated files follow here,
  // because two of them come from what was just built, and then what they would break.
  {
    name: 'types, generated files, released contracts',
    commands: [
      [bin('tsc'), '-b'],
      [...script('generate.mjs'), '--check'],
      [...script('release-contracts.mjs'), '--check'],
    ],
  },
  {
    name: 'unit',
    commands: [
      [process.execPath, 'node_modules/jest/bin/jest.js', '--maxWorkers=1', '--testPathPatterns=/src/.*\\.test\\.ts$'],
    ],
  },
  {
    name: 'dependency rules',
    commands: [[bin('depcruise'), '--config=.dependency-cruiser.cjs', '--output-type=err', 'packages', 'services']],
    verify: sawTypeScript,
  },
  { name: 'unused code', commands: [[bin('knip'), '--no-progress']] },
  { name: 'lint', commands: [[bin('oxlint'), '--type-aware', '--deny-warnings']] },
  { name: 'format', commands: [[bin('biome'), 'check', '.']] },
  {
    name: 'proto',
    commands: [
      [bin('buf'), 'lint'],
      [bin('buf'), 'breaking', '--against', 'packages/stack/released/proto.txtpb'],
    ],
  },
  {
    name: 'compose',
    commands: [
      [bin('dclint'), 'docker-compose.yml', 'deploy/docker-compose.servers.yml', '--max-warnings=0', ...orderRules],
    ],
  },
  { name: 'package lock', commands: [[...script('complete-lock.mjs'), '--check']] },
]

/** dependency-cruiser that cannot read TypeScript finds no file and no fault, and passes. */
function sawTypeScript(output) {
  const modules = Number(/\((\d+) modules/.exec(output)?.[1] ?? 0)
  return modules > 0 ? undefined : 'dependency-cruiser saw no modules at all'
}

const skipped = process.argv
  .filter((argument) => argument.startsWith('--without='))
  .map((argument) => argument.slice(10))
const queue = steps.filter(({ name }) => !skipped.includes(name))
const failed = []
await Promise.all([work(), work()])
console.log(failed.length === 0 ? 'all checks passed' : `failed: ${failed.join(', ')}`)
process.exit(failed.length === 0 ? 0 : 1)

async function work() {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const startedAt = performance.now()
    const { output, problem } = await runStep(step)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)
    console.log(`${problem === undefined ? 'ok    ' : 'FAILED'} ${seconds} s  ${step.name}`)
    if (problem === undefined) continue
    failed.push(step.name)
    console.log(`${output.trimEnd()}\n${problem}`)
  }
}

async function runStep({ commands, verify }) {
  let output = ''
  for (const command of commands) {
    const result = await runCommand(command)
    output += result.output
    if (result.code !== 0) return { output, problem: `exit code ${result.code}` }
  }
  return { output, problem: verify?.(output) }
}

function runCommand([command, ...args]) {
  return new Promise((resolve) => {
    const options = `${process.env.NODE_OPTIONS ?? ''} ${jestOptions}`.trim()
    const env = { ...process.env, NODE_OPTIONS: options, NO_COLOR: '1' }
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.once('error', (error) => resolve({ code: 1, output: error.message }))
    child.once('close', (code, signal) => resolve({ code: code ?? signal, output }))
  })
}
