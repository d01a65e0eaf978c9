// Writes the files that are generated and committed. With --check it writes nothing and fails when one is not current.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const bin = (name) => join(root, 'node_modules/.bin', name)

/** Each writes into an empty folder what belongs into `target`, and owns that folder alone. */
const generators = [
  {
    name: 'gRPC types',
    target: 'packages/contracts/src/gen',
    write(folder) {
      const protos = readdirSync(join(root, 'proto'))
        .filter((file) => file.endsWith('.proto'))
        .sort()
      const options = ['--importFileExtension=.ts', '--longs=String', '--enums=String', '--defaults', '--oneofs']
      run(bin('proto-loader-gen-types'), [
        ...options,
        '--grpcLib=@grpc/grpc-js',
        `--outDir=${folder}`,
        ...protos.map((file) => `proto/${file}`),
      ])
    },
  },
]

const isCheck = process.argv.includes('--check')
for (const { name, target, write } of generators) {
  const folder = isCheck ? makeScratch() : emptied(join(root, target))
  try {
    write(folder)
    if (isCheck) compare(name, folder, target)
    else console.log(`${name}: ${filesOf(folder).length} files in ${target}`)
  } finally {
    if (isCheck) rmSync(folder, { recursive: true })
  }
}

function emptied(folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return folder
}

function makeScratch() {
  mkdirSync(join(root, '.stack'), { recursive: true })
  return mkdtempSync(join(root, '.stack/generate-'))
}

function filesOf(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .sort()
}

function compare(name, fresh, target) {
  const committed = join(root, target)
  const files = new Set([...filesOf(fresh), ...filesOf(committed)])
  const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined)
  const stale = [...files].filter((file) => read(join(fresh, file)) !== read(join(committed, file)))
  if (stale.length === 0) return
  console.error(`${name} are not current: ${stale.join(', ')}\nnpm run generate writes them`)
  process.exitCode = 1
}

function run(command, args) {
  const { status, stderr, stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} failed:\n${stdout}${stderr}`)
}
