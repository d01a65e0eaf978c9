// Original file: proto/payment.proto

import type { Long } from '@grpc/proto-loader';

export interface Refund {
  'refundId'?: (string);
  'amountKrw'?: (number | string | Long);
  'reason'?: (string);
  'status'?: (string);
  'requestedAt'?: (string);
  'refundedAt'?: (string);
  '_refundedAt'?: "refundedAt";
}

export interface Refund__Output {
  'refundId': (string);
  'amountKrw': (string);
  'reason': (string);
  'status': (string);
  'requestedAt': (string);
  'refundedAt'?: (string);
  '_refundedAt'?: "refundedAt";
}
