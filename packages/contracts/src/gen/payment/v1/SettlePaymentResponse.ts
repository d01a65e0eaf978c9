// Original file: proto/payment.proto

import type { PaymentSummary as _payment_v1_PaymentSummary, PaymentSummary__Output as _payment_v1_PaymentSummary__Output } from '../../payment/v1/PaymentSummary.ts';
import type { PaymentChange as _payment_v1_PaymentChange, PaymentChange__Output as _payment_v1_PaymentChange__Output } from '../../payment/v1/PaymentChange.ts';

export interface SettlePaymentResponse {
  'payment'?: (_payment_v1_PaymentSummary | null);
  'isAsked'?: (boolean);
  'changes'?: (_payment_v1_PaymentChange)[];
}

export interface SettlePaymentResponse__Output {
  'payment': (_payment_v1_PaymentSummary__Output | null);
  'isAsked': (boolean);
  'changes': (_payment_v1_PaymentChange__Output)[];
}
