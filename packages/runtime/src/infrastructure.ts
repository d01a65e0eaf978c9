import { AppError } from '@checkout/contracts/errors'
import { mongo } from 'mongoose'

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

const codeOf = (error: Error): unknown => ('code' in error ? error.code : undefined)

/** MongoDB: not primary, shutting down, interrupted, write concern not met in time. */
const mongoStateCodes = new Set([6, 7, 64, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436])

/** Whether an error says that a server of ours is away or overwhelmed, so that the same action may succeed later. */
export const isInfrastructureError = (error: unknown): boolean => {
  if (error instanceof AppError) return error.isRetryable
  if (!(error instanceof Error)) return false
  // A bulk wraps whatever the driver met; without a server's code it had no answer.
  if (error instanceof mongo.MongoBulkWriteError && error.code === undefined) return true
  if (error instanceof mongo.MongoServerError)
    return mongoStateCodes.has(Number(error.code)) || error.hasErrorLabel('RetryableWriteError')
  if (error instanceof mongo.MongoError || error.name === 'MongooseServerSelectionError') return true
  const code = codeOf(error)
  if (typeof code === 'string' && networkCodes.has(code)) return true
  // ioredis when a connection is away and commands are not queued.
  if (error.name === 'MaxRetriesPerRequestError' || /Stream isn't writeable|Connection is closed/.test(error.message))
    return true
  // kafkajs names its errors KafkaJS…; whatever it throws at a producer means that the broker did not take the message.
  return error.name.startsWith('KafkaJS')
}

/** Any thrown value as what the doors may say of it: infrastructure becomes SERVICE_UNAVAILABLE, a bug INTERNAL_ERROR. */
export const asAppError = (error: unknown): AppError => {
  if (error instanceof AppError) return error
  if (isInfrastructureError(error))
    return new AppError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 2 }, { cause: error })
  return new AppError('INTERNAL_ERROR', {}, { cause: error })
}
