// Original file: proto/payment.proto

import type { Long } from '@grpc/proto-loader';

export interface TossTransaction {
  'transactionKey'?: (string);
  'paymentKey'?: (string);
  'orderId'?: (string);
  'status'?: (string);
  'amountKrw'?: (number | string | Long);
  'currency'?: (string);
  'at'?: (string);
}

export interface TossTransaction__Output {
  'transactionKey': (string);
  'paymentKey': (string);
  'orderId': (string);
  'status': (string);
  'amountKrw': (string);
  'currency': (string);
  'at': (string);
}
