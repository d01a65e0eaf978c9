// Original file: proto/payment.proto

import type { RefundReceiveAccount as _payment_v1_RefundReceiveAccount, RefundReceiveAccount__Output as _payment_v1_RefundReceiveAccount__Output } from '../../payment/v1/RefundReceiveAccount.ts';
import type { CancelIdempotency as _payment_v1_CancelIdempotency, CancelIdempotency__Output as _payment_v1_CancelIdempotency__Output } from '../../payment/v1/CancelIdempotency.ts';
import type { Long } from '@grpc/proto-loader';

export interface CancelPaymentRequest {
  'orderId'?: (string);
  'amountKrw'?: (number | string | Long);
  'reason'?: (string);
  'refundReceiveAccount'?: (_payment_v1_RefundReceiveAccount | null);
  'idempotency'?: (_payment_v1_CancelIdempotency | null);
  '_amountKrw'?: "amountKrw";
  '_refundReceiveAccount'?: "refundReceiveAccount";
  '_idempotency'?: "idempotency";
}

export interface CancelPaymentRequest__Output {
  'orderId': (string);
  'amountKrw'?: (string);
  'reason': (string);
  'refundReceiveAccount'?: (_payment_v1_RefundReceiveAccount__Output | null);
  'idempotency'?: (_payment_v1_CancelIdempotency__Output | null);
  '_amountKrw'?: "amountKrw";
  '_refundReceiveAccount'?: "refundReceiveAccount";
  '_idempotency'?: "idempotency";
}
