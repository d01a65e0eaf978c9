// Original file: proto/payment.proto

import type { TossPayment as _payment_v1_TossPayment, TossPayment__Output as _payment_v1_TossPayment__Output } from '../../payment/v1/TossPayment.ts';

export interface LookAtTossResponse {
  'payment'?: (_payment_v1_TossPayment | null);
  '_payment'?: "payment";
}

export interface LookAtTossResponse__Output {
  'payment'?: (_payment_v1_TossPayment__Output | null);
  '_payment'?: "payment";
}
