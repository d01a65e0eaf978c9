// Original file: proto/payment.proto

import type { Long } from '@grpc/proto-loader';

export interface PaymentChange {
  'version'?: (number | string | Long);
  'status'?: (string);
  'at'?: (string);
  'cause'?: (string);
}

export interface PaymentChange__Output {
  'version': (string);
  'status': (string);
  'at': (string);
  'cause': (string);
}
