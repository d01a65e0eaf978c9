import { types } from 'node:util'
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'
import { traceFields } from './trace.ts'

export type { Logger }

const isLuhnValid = (digits: string): boolean => {
  let sum = 0
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)
  }
  return sum % 10 === 0
}

/** Takes out what must never be in a log, wherever it stands in the line: keys, tokens, card numbers, phones, e-mail addresses. */
export const scrub = (line: string): string =>
  line
    .replace(/\b(test|live)_g?sk_\w+/g, '[key]')
    .replace(/\b(Basic|Bearer) [\w+/=.~-]{8,}/g, '$1 [token]')
    // A bare number has to stay one JSON value.
    .replace(/(?<=[:[,])\d{14,19}(?=[,}\]])/g, (run) => (isLuhnValid(run) ? '"[card]"' : run))
    .replace(/(?<![\w.-])\d(?:[ -]?\d){13,18}(?![\w-])/g, (run) =>
      isLuhnValid(run.replace(/\D/g, '')) ? '[card]' : run,
    )
    .replace(/(?<![\w-])01[016-9]-?\d{3,4}-?\d{4}(?![\w-])/g, '[phone]')
    .replace(/[\w.+-]+@[\w-]+\.[\w.-]+/g, '[email]')

const secretFields = [
  'authorization',
  'password',
  'secret',
  'secretKey',
  'token',
  'accountNumber',
  'holderName',
  'refundReceiveAccount',
  'customerName',
  'customerMobilePhone',
  'customerEmail',
  'card',
]

/** Deeper chains of causes are repetition. */
const MAX_CAUSES = 5

/**
 * What a log may know of an error. Those of libraries carry whole requests, documents and connections with them, and in their
 * texts no field has a name by which it could be redacted.
 */
const describeError = (error: unknown, causes = 0): unknown => {
  // Not instanceof: an error may come from another realm.
  if (!types.isNativeError(error)) return String(error)
  const { name, message, stack, cause } = error
  return {
    type: name,
    message,
    ...('code' in error && ['string', 'number'].includes(typeof error.code) ? { code: error.code } : {}),
    stack,
    ...(cause === undefined || causes >= MAX_CAUSES ? {} : { cause: describeError(cause, causes + 1) }),
  }
}

/** A JSON logger, on stdout unless told otherwise. Redacts by field name and, as a second wall, by pattern. */
export const createLogger = (service: string, level: string, destination?: DestinationStream): Logger => {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    mixin: () => traceFields(),
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: (error: unknown) => (error === undefined ? undefined : describeError(error)) },
    redact: {
      paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: '[redacted]',
    },
    hooks: { streamWrite: scrub },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}
