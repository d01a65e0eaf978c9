// Writes the files that are generated and committed. With --check it writes nothing and fails when one is not current.
// All but the types come from built code, so build first.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'

const root = fileURLToPath(new URL('../../', import.meta.url))
const grpcFolder = 'packages/contracts/src/gen'

/** Each returns the text of its files by their path from the root. */
const generators = {
  'gRPC types': grpcTypes,
  'OpenAPI document': openApi,
  'AsyncAPI document': asyncApi,
  'crash points': crashPoints,
  guarantees,
}

function grpcTypes() {
  const protos = readdirSync(join(root, 'proto')).filter((file) => file.endsWith('.proto'))
  const options = ['--importFileExtension=.ts', '--longs=String', '--enums=String', '--defaults', '--oneofs']
  mkdirSync(join(root, '.stack'), { recursive: true })
  const folder = mkdtempSync(join(root, '.stack/generate-'))
  try {
    const inputs = protos.sort().map((file) => `proto/${file}`)
    const command = join(root, 'node_modules/.bin/proto-loader-gen-types')
    run(command, [...options, '--grpcLib=@grpc/grpc-js', `--outDir=${folder}`, ...inputs])
    const texts = filesOf(folder).map((file) => [join(grpcFolder, file), readFileSync(join(folder, file), 'utf8')])
    return Object.fromEntries(texts)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function openApi() {
  const text = run(process.execPath, ['services/api-gateway/dist/print-openapi.js'])
  return { 'services/api-gateway/openapi.json': text }
}

async function asyncApi() {
  // Imported late: it needs the gRPC types, which are written before it.
  const { buildAsyncApi } = await import('@checkout/contracts/asyncapi')
  const text = stringify(buildAsyncApi(), { lineWidth: 0, aliasDuplicateObjects: false })
  return { 'packages/contracts/asyncapi.yaml': `# Generated from src/events.ts by npm run generate\n${text}` }
}

async function crashPoints() {
  const { crashPointsDocument } = await import('./dist/crash/document.js')
  return { 'docs/crash-points.md': crashPointsDocument() }
}

async function guarantees() {
  const { guaranteesDocument } = await import('./dist/proof/document.js')
  return { 'docs/guarantees.md': guaranteesDocument() }
}

const isCheck = process.argv.includes('--check')
for (const [name, generate] of Object.entries(generators)) {
  const files = await generate()
  if (isCheck) compare(name, files)
  else write(name, files)
}

function write(name, files) {
  if (generators[name] === grpcTypes) rmSync(join(root, grpcFolder), { recursive: true, force: true })
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  console.log(`${name}: ${Object.keys(files).length} written`)
}

function compare(name, files) {
  // A type whose message is gone from the proto files must go too.
  const committed =
    generators[name] === grpcTypes ? filesOf(join(root, grpcFolder)).map((file) => join(grpcFolder, file)) : []
  const read = (file) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined)
  const stale = [...new Set([...Object.keys(files), ...committed])].filter((file) => read(file) !== files[file])
  if (stale.length === 0) return
  console.error(`${name}: not current: ${stale.join(', ')}\nnpm run generate writes them`)
  process.exitCode = 1
}

function filesOf(folder) {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  // Node 20 names the folder of an entry `path`, later versions `parentPath`.
  return entries.map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
}

function run(command, args) {
  const { status, stderr, stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 })
  if (status !== 0) throw new Error(`${command} ${args[0]} failed:\n${stdout}${stderr}`)
  return stdout
}
