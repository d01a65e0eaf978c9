import { demo } from './demo.ts'
import { StackError } from './stack-error.ts'
import { bringUp } from './start.ts'
import { readState } from './state-file.ts'
import { untilInterrupted } from './until-interrupted.ts'

/** `npm run demo`: on the stack that runs, else on one that is brought up for it and ended afterwards. */
export async function runDemo(): Promise<number> {
  const found = readState()
  if (found?.isRunning === true) {
    const { urls, servers, namespace } = found.state
    if (urls === undefined || servers === undefined || namespace === undefined) {
      throw new StackError('the stack is still starting; try again when it says that everything is ready')
    }
    return demo({ urls, servers, namespace })
  }
  console.log('no stack is running; bringing one up for the demo')
  const aborting = new AbortController()
  const interrupted = untilInterrupted().then(() => {
    aborting.abort()
    return 130
  })
  const stack = await bringUp(aborting.signal)
  try {
    return await Promise.race([demo(stack), interrupted])
  } finally {
    await stack.stop()
  }
}
