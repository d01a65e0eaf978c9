import type { RequestHandler } from 'express'
import { TossError } from './errors.ts'

/**
 * The control API has no key, and a browser on this machine reaches it: without this, any site that the developer
 * visits could write to it. Browsers send `Origin` with every write; programs send none.
 */
export const onlySameOrigin: RequestHandler = (req, _res, next) => {
  const origin = req.get('origin')
  if (origin === undefined || origin === `http://${req.get('host') ?? ''}`) return next()
  throw new TossError('FORBIDDEN_REQUEST')
}
