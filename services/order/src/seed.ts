import { createLogger } from '@checkout/runtime/log'
import { connectMongo } from '@checkout/runtime/mongo'
import { readConfig } from './config.ts'
import { createOrderStore } from './store.ts'

// Customers to try things with; in a real shop they come from wherever the shop keeps its users.
const userIds = ['1', '2', '3']

const config = readConfig(process.env)
const log = createLogger('order', config.LOG_LEVEL)
const mongo = await connectMongo({ url: config.MONGO_URL, namespace: config.NAMESPACE, database: 'order', log })
try {
  const store = await createOrderStore(mongo.connection, mongo.clock)
  await store.enrollCustomers(userIds)
  log.info({ customers: userIds.length }, 'seeded')
} finally {
  await mongo.close()
}
