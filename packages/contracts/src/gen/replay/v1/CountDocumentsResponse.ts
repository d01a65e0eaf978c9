// Original file: proto/replay.proto

import type { Long } from '@grpc/proto-loader';

export interface CountDocumentsResponse {
  'count'?: (number | string | Long);
}

export interface CountDocumentsResponse__Output {
  'count': (string);
}
