// Original file: proto/admin.proto

import type { Check as _admin_v1_Check, Check__Output as _admin_v1_Check__Output } from '../../admin/v1/Check.ts';

export interface DiagnoseResponse {
  'checks'?: (_admin_v1_Check)[];
}

export interface DiagnoseResponse__Output {
  'checks': (_admin_v1_Check__Output)[];
}
