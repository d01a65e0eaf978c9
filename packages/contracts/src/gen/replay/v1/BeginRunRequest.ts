// Original file: proto/replay.proto

import type { Long } from '@grpc/proto-loader';

export interface BeginRunRequest {
  'reason'?: (string);
  'topic'?: (string);
  'selection'?: (string);
  'planned'?: (number | string | Long);
}

export interface BeginRunRequest__Output {
  'reason': (string);
  'topic': (string);
  'selection': (string);
  'planned': (string);
}
