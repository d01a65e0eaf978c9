import type { StackAddresses } from './state-file.ts'

/** Plays the story on a running stack; resolves with the exit code. */
export async function demo(stack: StackAddresses): Promise<number> {
  console.log(`the stack runs at ${stack.urls.gateway}`)
  return 0
}
