import { type KafkaLog, openKafkaLog } from '@checkout/messaging/log-reader'
import { createLogger } from '@checkout/runtime/log'
import { needed } from '../config.ts'
import type { Connections } from '../connect.ts'
import { exitCodes, Failure } from '../exit-codes.ts'

/** Kafka's log, open until the program ends. */
export const openLog = async (connect: Connections): Promise<KafkaLog> => {
  try {
    const log = await openKafkaLog({
      brokers: needed(connect.config, 'KAFKA_BROKERS'),
      namespace: connect.config.NAMESPACE,
      log: createLogger('ops', 'silent'),
    })
    connect.onClose(() => log.close())
    return log
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(exitCodes.away, 'Kafka does not answer', { cause: error })
  }
}
