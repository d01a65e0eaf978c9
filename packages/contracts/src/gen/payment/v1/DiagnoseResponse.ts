// Original file: proto/payment.proto

import type { Check as _payment_v1_Check, Check__Output as _payment_v1_Check__Output } from '../../payment/v1/Check.ts';

export interface DiagnoseResponse {
  'checks'?: (_payment_v1_Check)[];
}

export interface DiagnoseResponse__Output {
  'checks': (_payment_v1_Check__Output)[];
}
