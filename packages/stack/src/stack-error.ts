/** A failure whose message is all that the person in front of the terminal needs; it is shown without a stack trace. */
export class StackError extends Error {
  override readonly name = 'StackError'
}
