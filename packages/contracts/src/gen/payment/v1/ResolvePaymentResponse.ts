// Original file: proto/payment.proto

import type { PaymentSummary as _payment_v1_PaymentSummary, PaymentSummary__Output as _payment_v1_PaymentSummary__Output } from '../../payment/v1/PaymentSummary.ts';

export interface ResolvePaymentResponse {
  'isDone'?: (boolean);
  'operators'?: (string)[];
  'payment'?: (_payment_v1_PaymentSummary | null);
  'note'?: (string);
}

export interface ResolvePaymentResponse__Output {
  'isDone': (boolean);
  'operators': (string)[];
  'payment': (_payment_v1_PaymentSummary__Output | null);
  'note': (string);
}
