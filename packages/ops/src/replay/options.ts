import { isTopic, type Topic, topics } from '@checkout/contracts/events'
import type { LogPosition } from '@checkout/messaging/log-reader'
import { InvalidArgumentError } from 'commander'
import { type Group, isGroup } from '../connect.ts'
import { wholeNumber } from '../options.ts'

/** How options are read; each says what it takes when it gets something else. */
const refuse = (message: string): never => {
  throw new InvalidArgumentError(message)
}

export const asTopic = (text: string): Topic =>
  isTopic(text) ? text : refuse(`one of ${Object.keys(topics).join(', ')}`)

export const asGroup = (text: string): Group => (isGroup(text) ? text : refuse('order or payment'))

export const asCount = wholeNumber(1, Number.MAX_SAFE_INTEGER)

/** With its zone, because an operator and a server may be in different ones. */
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:[.]\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/

const asInstant = (text: string): Date => {
  const at = new Date(text)
  return instant.test(text) && !Number.isNaN(at.getTime())
    ? at
    : refuse('an instant with its zone, as 2026-11-29T02:00:00Z or 2026-11-29T11:00+09:00')
}

export const asPosition = (text: string): LogPosition =>
  /^\d+$/.test(text) ? { offset: Number(text) } : { at: asInstant(text) }

export const asPlace = (text: string): LogPosition | 'beginning' => (text === 'beginning' ? text : asPosition(text))
