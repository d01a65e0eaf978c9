// Original file: proto/order.proto

import type { Long } from '@grpc/proto-loader';

export interface CreateOrderResponse {
  'orderId'?: (string);
  'amountKrw'?: (number | string | Long);
  'currency'?: (string);
  'isReplayed'?: (boolean);
}

export interface CreateOrderResponse__Output {
  'orderId': (string);
  'amountKrw': (string);
  'currency': (string);
  'isReplayed': (boolean);
}
