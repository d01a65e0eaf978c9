// Original file: proto/order.proto

import type { Viewer as _order_v1_Viewer, Viewer__Output as _order_v1_Viewer__Output } from '../../order/v1/Viewer.ts';

export interface GetOrderRequest {
  'orderId'?: (string);
  'viewer'?: (_order_v1_Viewer | null);
  '_viewer'?: "viewer";
}

export interface GetOrderRequest__Output {
  'orderId': (string);
  'viewer'?: (_order_v1_Viewer__Output | null);
  '_viewer'?: "viewer";
}
