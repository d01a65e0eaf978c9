// Original file: proto/payment.proto

import type { Long } from '@grpc/proto-loader';

export interface ConfirmPaymentResponse {
  'paymentId'?: (string);
  'orderId'?: (string);
  'amountKrw'?: (number | string | Long);
  'status'?: (string);
}

export interface ConfirmPaymentResponse__Output {
  'paymentId': (string);
  'orderId': (string);
  'amountKrw': (string);
  'status': (string);
}
