import { AppError } from '@checkout/contracts/errors'
import type { CallContext } from '@checkout/contracts/rpc'
import { failByBrowser } from './domain/payment.ts'
import { ensurePayment, type OpenDeps } from './open-payment.ts'

/**
 * Takes what the buyer's browser says of a failed window. It is forgeable and proves nothing, so it only ends a payment that
 * nobody has begun; the buyer may still confirm with another window until the order expires. An unknown order changes nothing.
 */
export const failPayment = async (
  deps: OpenDeps,
  request: { orderId: string; code: string; message: string },
  context: CallContext,
): Promise<void> => {
  try {
    const payment = await ensurePayment(deps, request.orderId, context)
    const failure = { code: request.code, message: request.message, httpStatus: 400 }
    await deps.store.update(payment._id, `window failed: ${request.code}`, (current) => failByBrowser(current, failure))
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'ORDER_NOT_FOUND') throw error
  }
}
