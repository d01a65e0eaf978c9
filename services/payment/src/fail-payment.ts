import { AppError } from '@checkout/contracts/errors'
import type { CallContext } from '@checkout/contracts/rpc'
import { crashPoint } from '@checkout/runtime/crash-point'
import { failByBrowser } from './domain/payment.ts'
import { ensurePayment, type OpenDeps } from './open-payment.ts'

/**
 * Takes what the buyer's browser says of a failed window. It is forgeable and proves nothing, so it only ends a payment that
 * nobody has begun; the buyer may still confirm with another window until the order expires. An unknown order changes nothing.
 * Its message is a stranger's text and is not kept: what a payment holds goes into events, which are kept for ever.
 */
export const failPayment = async (
  deps: OpenDeps,
  request: { orderId: string; code: string },
  context: CallContext,
): Promise<void> => {
  try {
    const payment = await ensurePayment(deps, request.orderId, context)
    const code = /^[A-Z][A-Z0-9_]{0,99}$/.test(request.code) ? request.code : 'UNKNOWN'
    const failure = { code, message: 'the payment window reported a failure', httpStatus: 400 }
    crashPoint('fail.before-save')
    await deps.store.update(payment._id, `window failed: ${code}`, (current) => failByBrowser(current, failure), {
      requestId: context.requestId,
    })
    crashPoint('fail.after-save')
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'ORDER_NOT_FOUND') throw error
  }
}
