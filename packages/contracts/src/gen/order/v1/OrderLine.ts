// Original file: proto/order.proto

import type { Long } from '@grpc/proto-loader';

export interface OrderLine {
  'productId'?: (number | string | Long);
  'name'?: (string);
  'unitPriceKrw'?: (number | string | Long);
  'quantity'?: (number);
}

export interface OrderLine__Output {
  'productId': (string);
  'name': (string);
  'unitPriceKrw': (string);
  'quantity': (number);
}
