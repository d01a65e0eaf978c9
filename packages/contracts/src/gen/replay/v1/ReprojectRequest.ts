// Original file: proto/replay.proto

import type { Long } from '@grpc/proto-loader';

export interface ReprojectRequest {
  'orderId'?: (string);
  'reason'?: (string);
  'seenStatus'?: (string);
  'seenVersion'?: (number | string | Long);
  'status'?: (string);
  'version'?: (number | string | Long);
}

export interface ReprojectRequest__Output {
  'orderId': (string);
  'reason': (string);
  'seenStatus': (string);
  'seenVersion': (string);
  'status': (string);
  'version': (string);
}
