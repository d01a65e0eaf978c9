// One bare part, alone in its process: what a request, call, write or send costs without anything of ours around it.
// `node part-main.js <part> <address>`; it says { ready } and answers { clients, ms } with what it saw.
import { Client, credentials, type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js'
import express from 'express'
import { Redis } from 'ioredis'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { mongo } from 'mongoose'
import { drive, type Operation } from './drive.ts'

const [part = '', address = ''] = process.argv.slice(2)

const echo = {
  path: '/bench.Echo/Echo',
  requestStream: false,
  responseStream: false,
  requestSerialize: (bytes: Buffer) => bytes,
  requestDeserialize: (bytes: Buffer) => bytes,
  responseSerialize: (bytes: Buffer) => bytes,
  responseDeserialize: (bytes: Buffer) => bytes,
} as const
/** Removes what this part has stored. */
let putAway: () => Promise<unknown> = () => Promise.resolve()
/** About as large as an order in JSON. */
const message = Buffer.alloc(400, 'x')

const parts: Readonly<Record<string, () => Promise<{ port?: number; operation?: Operation }>>> = {
  // Answers the very list that the gateway answers, given as the address.
  express: async () => {
    const list: unknown = JSON.parse(address)
    const app = express()
    app.get('/', (_request, response) => {
      response.json(list)
    })
    return new Promise((resolve) => {
      const server = app.listen(0, '127.0.0.1', () => {
        const bound = server.address()
        resolve({ port: typeof bound === 'object' && bound !== null ? bound.port : 0 })
      })
    })
  },

  'grpc-server': async () => {
    const server = new Server()
    const answer: handleUnaryCall<Buffer, Buffer> = (call, reply) => reply(null, call.request)
    server.addService({ Echo: echo }, { Echo: answer })
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      )
    })
    return { port }
  },

  grpc: async () => {
    const client = new Client(address, credentials.createInsecure())
    return {
      operation: () =>
        new Promise((resolve, reject) => {
          client.makeUnaryRequest(echo.path, echo.requestSerialize, echo.responseDeserialize, message, (error) =>
            error ? reject(error) : resolve('done'),
          )
        }),
    }
  },

  mongodb: async () => {
    const client = new mongo.MongoClient(address, { maxPoolSize: 50, writeConcern: { w: 'majority', journal: true } })
    const rows = client.db(`bench-parts-${process.pid}`).collection('rows')
    putAway = () => rows.drop()
    await rows.insertOne({ text: message.toString() })
    return {
      operation: async () => {
        await rows.insertOne({ text: message.toString() })
        return 'done'
      },
    }
  },

  kafka: async () => {
    const kafka = new Kafka({ brokers: address.split(','), logLevel: logLevel.ERROR })
    const topic = `bench-parts-${process.pid}`
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 6 }] })
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: false })
    await producer.connect()
    putAway = () => admin.deleteTopics({ topics: [topic] })
    let key = 0
    return {
      operation: async () => {
        key += 1
        await producer.send({ topic, acks: -1, messages: [{ key: String(key), value: message }] })
        return 'done'
      },
    }
  },

  redis: async () => {
    const redis = new Redis(address)
    const key = `bench-parts-${process.pid}`
    return {
      operation: async () => {
        await redis.set(key, message, 'PX', 60_000)
        return 'done'
      },
    }
  },
}

const { port, operation } = (await parts[part]?.()) ?? {}
process.on('message', ({ clients, ms }: { clients: number; ms: number }) => {
  if (operation !== undefined) void drive(clients, ms, operation).then((driven) => process.send?.(driven))
})
// The bench has ended, maybe interrupted, and its servers with it: then nothing has to be put away, and nothing answers.
process.once('disconnect', () => {
  setTimeout(() => process.exit(0), 2_000)
  putAway().then(
    () => process.exit(0),
    () => process.exit(0),
  )
})
process.send?.({ ready: true, port })
