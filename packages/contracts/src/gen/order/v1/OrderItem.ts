// Original file: proto/order.proto

import type { Long } from '@grpc/proto-loader';

export interface OrderItem {
  'productId'?: (number | string | Long);
  'quantity'?: (number);
}

export interface OrderItem__Output {
  'productId': (string);
  'quantity': (number);
}
