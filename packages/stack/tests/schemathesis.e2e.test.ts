import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { installSchemathesis, runSchemathesis } from '../src/fuzz/schemathesis.ts'
import { stopAudited } from '../src/testing/audit.ts'
import { booksEqual } from '../src/testing/books.ts'
import { namespace } from '../src/testing/namespace.ts'
import { startSystem, type TestSystem } from '../src/testing/system.ts'
import { seed } from './barrage.ts'

// Somebody else's reading of the OpenAPI document. Where schemathesis cannot be had this test says so and checks nothing; the
// generated input of other suites is made of the same document.
const python = await installSchemathesis(() => undefined).catch((error: unknown) => String(error).split('\n')[0] ?? '')
const isFound = python.startsWith('/')
const describeWith = isFound ? describe : describe.skip

describeWith(`the API, by schemathesis${isFound ? '' : ` (SKIPPED, ${python})`}`, () => {
  let system: TestSystem
  beforeAll(async () => {
    system = await startSystem({ namespace: namespace() })
  }, 120_000)
  afterAll(() => stopAudited(system), 180_000)

  it('answers every request of the document, valid or not, as the document says', async () => {
    let output = ''
    const run = { python, gateway: system.urls.gateway, seed, maxExamples: 20 }
    const code = await runSchemathesis(run, (text) => {
      output += text
    })
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/\n +(\d{3,}) generated, \1 passed\n/) })
    await booksEqual(system, { timeoutMs: 60_000 })
  }, 400_000)
})
