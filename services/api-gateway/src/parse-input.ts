import { AppError, type FieldError } from '@checkout/contracts/errors'
import { echo } from '@checkout/contracts/personal-data'
import type { z } from 'zod'

/** A client that sent thousands of unknown fields need not hear of all of them. */
const MAX_ERRORS = 20
const MAX_FIELD_LENGTH = 100

/**
 * What `schema` makes of `value`.
 * @throws AppError INVALID_INPUT_VALUE naming every field that is wrong, and every unknown field by its name.
 */
export const parseInput = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => {
  const result = schema.safeParse(value, { error: describe })
  if (result.success) return result.data
  const errors = result.error.issues.flatMap(fieldErrors).slice(0, MAX_ERRORS)
  throw new AppError('INVALID_INPUT_VALUE', {
    detail: errors.map(({ field, message }) => `${field} ${message}`).join('; '),
    errors,
  })
}

/** Messages that go on where the field's name ends; schemas with words of their own keep them. */
const describe: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? 'is required' : `must be of type ${issue.expected}`
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`
  return issue.code === 'too_big' ? `must be at most ${issue.maximum}` : undefined
}

const fieldErrors = (issue: z.core.$ZodIssue): FieldError[] => {
  // Unknown fields have whatever names a client made up.
  const name = (path: readonly PropertyKey[]) => echo(path.join('.').slice(0, MAX_FIELD_LENGTH)) || 'body'
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: name([...issue.path, key]), message: 'is not a field of this request' }))
  }
  return [{ field: name(issue.path), message: issue.message }]
}
