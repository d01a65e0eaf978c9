import { connect } from 'node:net'
import { Kafka, logLevel } from 'kafkajs'
import { eventually } from './eventually.ts'

/** Kafka's protocol: the request by which a member leaves its group, in its first version. */
const LEAVE_GROUP = { apiKey: 13, version: 0 }
const TIMEOUT_MS = 10_000

/**
 * Takes the members of a group out of it, on behalf of processes that were killed. Left alone, the group waits for each until
 * its session is over, and whoever comes next waits with it. Only for a group whose members are all dead.
 */
export async function forgetMembers(brokers: string, group: string): Promise<void> {
  const kafka = new Kafka({ clientId: 'forget-members', brokers: brokers.split(','), logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  try {
    // While a group is being joined, its coordinator does not know yet who its members are.
    await eventually(async () => {
      const { groups } = await admin.describeGroups([group])
      const members = groups.flatMap((described) => described.members)
      for (const { memberId } of members) await leave(brokers, group, memberId)
      if (groups.some(({ state }) => !['Empty', 'Dead'].includes(state))) throw new Error(`${group} has members`)
    })
  } finally {
    await admin.disconnect()
  }
}

/** With one broker, that one coordinates every group. An unknown member is what is wanted, so the answer does not matter. */
function leave(brokers: string, group: string, memberId: string): Promise<void> {
  const [host = '', port = ''] = (brokers.split(',')[0] ?? '').split(':')
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), timeout: TIMEOUT_MS }, () => {
      socket.write(leaveRequest(group, memberId))
    })
    socket.once('data', () => {
      socket.destroy()
      resolve()
    })
    socket.once('timeout', () => socket.destroy(new Error('Kafka does not answer')))
    socket.once('error', reject)
  })
}

function leaveRequest(group: string, memberId: string): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value)
    const length = Buffer.alloc(2)
    length.writeInt16BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  const head = Buffer.alloc(8)
  head.writeInt16BE(LEAVE_GROUP.apiKey, 0)
  head.writeInt16BE(LEAVE_GROUP.version, 2)
  head.writeInt32BE(1, 4)
  const body = Buffer.concat([head, text('forget-members'), text(group), text(memberId)])
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}
