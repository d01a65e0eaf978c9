import { randomBytes } from 'node:crypto'

/**
 * A random prefix for databases, topics, consumer groups and Redis keys, so that tests share servers without meeting.
 * Short and in lower case, because MongoDB limits a database's name to 63 bytes and compares names without case.
 */
export function namespace(): string {
  return `t${randomBytes(5).toString('hex')}-`
}
