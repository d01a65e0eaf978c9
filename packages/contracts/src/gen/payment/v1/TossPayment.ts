// Original file: proto/payment.proto

import type { TossCancel as _payment_v1_TossCancel, TossCancel__Output as _payment_v1_TossCancel__Output } from '../../payment/v1/TossCancel.ts';

export interface TossPayment {
  'paymentKey'?: (string);
  'orderId'?: (string);
  'status'?: (string);
  'cancels'?: (_payment_v1_TossCancel)[];
}

export interface TossPayment__Output {
  'paymentKey': (string);
  'orderId': (string);
  'status': (string);
  'cancels': (_payment_v1_TossCancel__Output)[];
}
