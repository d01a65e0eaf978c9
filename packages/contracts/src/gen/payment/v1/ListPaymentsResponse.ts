// Original file: proto/payment.proto

import type { PaymentSummary as _payment_v1_PaymentSummary, PaymentSummary__Output as _payment_v1_PaymentSummary__Output } from '../../payment/v1/PaymentSummary.ts';

export interface ListPaymentsResponse {
  'payments'?: (_payment_v1_PaymentSummary)[];
  'nextPage'?: (string);
  '_nextPage'?: "nextPage";
}

export interface ListPaymentsResponse__Output {
  'payments': (_payment_v1_PaymentSummary__Output)[];
  'nextPage'?: (string);
  '_nextPage'?: "nextPage";
}
