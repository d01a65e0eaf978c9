import { randomBytes, randomInt } from 'node:crypto'

export const newPaymentKey = (): string => `tgen_${randomBytes(18).toString('base64url')}`
export const newTransactionKey = (): string => randomBytes(16).toString('hex').toUpperCase()
export const newSecret = (): string => `ps_${randomBytes(16).toString('hex')}`
export const newTransmissionId = (): string => `whtrans_${randomBytes(12).toString('hex')}`
export const newTraceId = (): string => randomBytes(16).toString('hex')
export const newFaultId = (): string => `fault_${randomBytes(8).toString('hex')}`
export const newMicroseconds = (): number => randomInt(1000)
