import { randomBytes, randomInt, randomUUID } from 'node:crypto'

/** 32 hex digits. Node draws the chance for many UUIDs at once, which makes them far cheaper than bytes one by one. */
const newHex = (): string => randomUUID().replaceAll('-', '')

export const newPaymentKey = (): string => `tgen_${randomBytes(18).toString('base64url')}`
export const newAuthKey = (): string => `bln_${newHex()}`
export const newBillingKey = (): string => `${randomBytes(32).toString('base64url')}=`
/** Toss: keys of both forms were seen. */
export const newTransactionKey = (): string => (randomInt(2) === 0 ? newHex().toUpperCase() : `txrd_${newHex()}`)
export const newSecret = (): string => `ps_${newHex()}`
export const newTransmissionId = (): string => `whtrans_${newHex()}`
export const newTraceId = newHex
export const newFaultId = (): string => `fault_${newHex()}`
export const newMicroseconds = (): number => randomInt(1000)
