// Original file: proto/order.proto

import type { OrderLine as _order_v1_OrderLine, OrderLine__Output as _order_v1_OrderLine__Output } from '../../order/v1/OrderLine.ts';
import type { Long } from '@grpc/proto-loader';

export interface Order {
  'orderId'?: (string);
  'userId'?: (string);
  'amountKrw'?: (number | string | Long);
  'currency'?: (string);
  'status'?: (string);
  'createdAt'?: (string);
  'expiresAt'?: (string);
  'lines'?: (_order_v1_OrderLine)[];
  'paymentVersion'?: (number | string | Long);
  '_userId'?: "userId";
}

export interface Order__Output {
  'orderId': (string);
  'userId'?: (string);
  'amountKrw': (string);
  'currency': (string);
  'status': (string);
  'createdAt': (string);
  'expiresAt': (string);
  'lines': (_order_v1_OrderLine__Output)[];
  'paymentVersion': (string);
  '_userId'?: "userId";
}
