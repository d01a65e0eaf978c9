// Original file: proto/payment.proto

import type { Long } from '@grpc/proto-loader';

export interface ConfirmPaymentRequest {
  'paymentKey'?: (string);
  'orderId'?: (string);
  'amountKrw'?: (number | string | Long);
}

export interface ConfirmPaymentRequest__Output {
  'paymentKey': (string);
  'orderId': (string);
  'amountKrw': (string);
}
