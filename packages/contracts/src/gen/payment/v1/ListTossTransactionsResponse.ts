// Original file: proto/payment.proto

import type { TossTransaction as _payment_v1_TossTransaction, TossTransaction__Output as _payment_v1_TossTransaction__Output } from '../../payment/v1/TossTransaction.ts';

export interface ListTossTransactionsResponse {
  'rows'?: (_payment_v1_TossTransaction)[];
}

export interface ListTossTransactionsResponse__Output {
  'rows': (_payment_v1_TossTransaction__Output)[];
}
