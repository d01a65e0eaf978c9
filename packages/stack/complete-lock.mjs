// Completes package-lock.json. npm leaves out the builds for other systems when the registry that made the lock does not
// carry them, and then its own `npm ci` refuses the lock: "Missing: … from lock file" (npm/cli#4828, #8320). A lock like
// that is also of no use on those other systems. For every optional dependency that is absent, this adds an entry with
// its version and the system it is for; npm keeps the entries from then on.
//
// node packages/stack/complete-lock.mjs          writes
// node packages/stack/complete-lock.mjs --check  fails when something is missing, when the lock names a registry, or when
//                                                it is older than a package.json
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

const systems = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openharmony: 'openharmony',
  win32: 'win32',
  windows: 'win32',
}
const processors = {
  arm: 'arm',
  armv7: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  loong64: 'loong64',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'x64',
  64: 'x64',
}
const libraries = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' }

/** The system a package is for, read from its name: `@swc/core-linux-arm64-musl` → linux, arm64, musl. */
export function systemOf(name) {
  const words = name.split(/[/-]/)
  const find = (table) => words.map((word) => table[word]).find((value) => value !== undefined)
  const [os, cpu, libc] = [find(systems), find(processors), find(libraries)]
  if (os === undefined || cpu === undefined) throw new Error(`cannot tell which system ${name} is for`)
  return { cpu: [cpu], ...(libc !== undefined && os === 'linux' ? { libc: [libc] } : {}), os: [os] }
}

/** The entries that are missing in `packages` (the part of the lock of that name), by their path. */
export function missingEntries(packages) {
  const missing = {}
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(optionalDependencies)) {
      if (isPresent(packages, path, name)) continue
      missing[`node_modules/${name}`] = inOrder({
        version: range.replace(/^[\^~]/, ''),
        ...systemOf(name),
        ...(dev && { dev }),
        optional: true,
      })
    }
  }
  return missing
}

/** As npm writes it: the version first, the rest by name. */
function inOrder({ version, ...rest }) {
  return { version, ...Object.fromEntries(Object.entries(rest).sort(([a], [b]) => a.localeCompare(b, 'en'))) }
}

/** Looks where Node would: below the package itself, then below each folder above it. */
function isPresent(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true
    if (folder === '') return false
  }
}

/** The package.json files whose dependencies are not those that the lock was made for. */
export function staleWorkspaces(packages, readPackage) {
  const ownPaths = Object.keys(packages).filter((path) => !path.includes('node_modules/'))
  const files = ownPaths.map((path) => ({ path, file: path === '' ? 'package.json' : `${path}/package.json` }))
  const asText = (dependencies = {}) =>
    JSON.stringify(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)))
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
  const isStale = ({ path, file }) => {
    const wanted = readPackage(file)
    return kinds.some((kind) => asText(wanted[kind]) !== asText(packages[path][kind]))
  }
  return files.filter(isStale).map(({ file }) => file)
}

function main() {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const file = `${root}package-lock.json`
  const text = readFileSync(file, 'utf8')
  const lock = JSON.parse(text)
  const missing = missingEntries(lock.packages)
  const count = Object.keys(missing).length
  if (argv.includes('--check')) {
    const addresses = text.match(/"resolved": "https?:/g)?.length ?? 0
    if (addresses > 0) console.error(`package-lock.json names a registry in ${addresses} places`)
    if (count > 0)
      console.error(`package-lock.json lacks ${count} optional packages; run node packages/stack/complete-lock.mjs`)
    const stale = staleWorkspaces(lock.packages, (path) => JSON.parse(readFileSync(`${root}${path}`, 'utf8')))
    if (stale.length > 0) console.error(`package-lock.json is older than ${stale.join(', ')}; run npm install`)
    process.exitCode = count + addresses + stale.length > 0 ? 1 : 0
    return
  }
  const all = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'))
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(all) }, undefined, 2)}\n`)
  console.log(`package-lock.json: ${count} entries added`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
