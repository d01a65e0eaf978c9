// Keeps what was promised to others: released/ holds the proto files, the OpenAPI and the AsyncAPI document that clients and
// consumers out there were written for. Writes them from those of today. With --check it writes nothing and fails when those of
// today would break somebody (the proto files are compared by `buf breaking`). The comparison is built code, so build first.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { eventBreaks, openApiBreaks } from './dist/compatibility.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const released = join(root, 'packages/stack/released')
const documents = [
  { name: 'openapi.json', current: 'services/api-gateway/openapi.json', breaks: openApiBreaks },
  { name: 'asyncapi.yaml', current: 'packages/contracts/asyncapi.yaml', breaks: eventBreaks },
]

if (process.argv.includes('--check')) check()
else release()

function check() {
  // JSON is YAML, so one parser reads both.
  const read = (file) => parse(readFileSync(file, 'utf8'))
  for (const { name, current, breaks } of documents) {
    const found = breaks(read(join(released, name)), read(join(root, current)))
    if (found.length === 0) continue
    console.error(`${current} breaks those who rely on packages/stack/released/${name}:\n  ${found.join('\n  ')}`)
    process.exitCode = 1
  }
}

function release() {
  mkdirSync(released, { recursive: true })
  for (const { name, current } of documents) copyFileSync(join(root, current), join(released, name))
  const args = ['build', '--exclude-source-info', '--output', join(released, 'proto.txtpb')]
  const { status, stderr } = spawnSync(join(root, 'node_modules/.bin/buf'), args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`buf build failed:\n${stderr}`)
  console.log('packages/stack/released: written')
}
