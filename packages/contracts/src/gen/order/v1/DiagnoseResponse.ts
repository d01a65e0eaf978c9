// Original file: proto/order.proto

import type { Check as _order_v1_Check, Check__Output as _order_v1_Check__Output } from '../../order/v1/Check.ts';

export interface DiagnoseResponse {
  'checks'?: (_order_v1_Check)[];
}

export interface DiagnoseResponse__Output {
  'checks': (_order_v1_Check__Output)[];
}
