import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, jest } from '@jest/globals'

jest.setTimeout(180_000)

const root = fileURLToPath(new URL('../../..', import.meta.url))
/** No system at all, also where `npm start` runs. */
const nowhere = { PAYMENT_ADDR: '127.0.0.1:1', ORDER_ADDR: '127.0.0.1:1', OPERATOR_TOKEN: '' }

/** As a person types it: npm, the check that all is built, the program. */
const npmRunOps = (args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    // What is built is built again by the compiler, which changes nothing, and never restored over what other suites run.
    const env = { ...process.env, ...nowhere, TURBO_FORCE: 'true' }
    execFile('npm', ['run', '--silent', 'ops', '--', ...args], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })

describe('npm run ops', () => {
  it('-- --help says what there is, with the exit codes, and ends with 0', async () => {
    const { code, stdout } = await npmRunOps(['--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Usage: npm run ops --/)
    const commands = 'doctor payments webhooks timeline replay dead-letters reconcile audit whoami'.split(' ')
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'))
    expect(stdout).toContain('Exit codes:')
  })

  it('ends with 2 for what is no command, and says so where it spoils no output', async () => {
    const { code, stdout, stderr } = await npmRunOps(['mend'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain("unknown command 'mend'")
  })

  it('ends with 3 without a token, and says which variable is missing', async () => {
    const { code, stdout, stderr } = await npmRunOps(['whoami', '--json'])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('OPERATOR_TOKEN is not set')
  })
})
