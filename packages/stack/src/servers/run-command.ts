import { spawn } from 'node:child_process'

/** Runs a command to its end and returns what it wrote; rejects with its last lines when it fails or takes too long. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly cwd?: string; readonly env?: NodeJS.ProcessEnv },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, timeout: options.timeoutMs, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-100_000)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', (error) => {
      reject(new Error(`${command}: ${error.message}`, { cause: error }))
    })
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output)
      else {
        const how = signal === null ? `exit code ${code}` : `ended by ${signal}, at most ${options.timeoutMs / 1000} s`
        reject(new Error(`${command} ${args[0] ?? ''}: ${how}\n${output.trimEnd().split('\n').slice(-8).join('\n')}`))
      }
    })
  })
}
