// Original file: proto/payment.proto

import type { Long } from '@grpc/proto-loader';

export interface CancelPaymentResponse {
  'paymentId'?: (string);
  'orderId'?: (string);
  'canceledAmountKrw'?: (number | string | Long);
  'status'?: (string);
  'refundId'?: (string);
  'isDecided'?: (boolean);
  'isReplayed'?: (boolean);
}

export interface CancelPaymentResponse__Output {
  'paymentId': (string);
  'orderId': (string);
  'canceledAmountKrw': (string);
  'status': (string);
  'refundId': (string);
  'isDecided': (boolean);
  'isReplayed': (boolean);
}
