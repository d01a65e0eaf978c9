// Original file: proto/order.proto

import type { OrderItem as _order_v1_OrderItem, OrderItem__Output as _order_v1_OrderItem__Output } from '../../order/v1/OrderItem.ts';
import type { Idempotency as _order_v1_Idempotency, Idempotency__Output as _order_v1_Idempotency__Output } from '../../order/v1/Idempotency.ts';
import type { Long } from '@grpc/proto-loader';

export interface CreateOrderRequest {
  'userId'?: (string);
  'amountKrw'?: (number | string | Long);
  'items'?: (_order_v1_OrderItem)[];
  'idempotency'?: (_order_v1_Idempotency | null);
  'orderId'?: (string);
  '_userId'?: "userId";
  '_amountKrw'?: "amountKrw";
  '_idempotency'?: "idempotency";
  '_orderId'?: "orderId";
}

export interface CreateOrderRequest__Output {
  'userId'?: (string);
  'amountKrw'?: (string);
  'items': (_order_v1_OrderItem__Output)[];
  'idempotency'?: (_order_v1_Idempotency__Output | null);
  'orderId'?: (string);
  '_userId'?: "userId";
  '_amountKrw'?: "amountKrw";
  '_idempotency'?: "idempotency";
  '_orderId'?: "orderId";
}
