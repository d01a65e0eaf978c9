// Original file: proto/replay.proto

import type { Long } from '@grpc/proto-loader';

export interface GetRunResponse {
  'runId'?: (string);
  'operator'?: (string);
  'reason'?: (string);
  'topic'?: (string);
  'selection'?: (string);
  'planned'?: (number | string | Long);
  'sent'?: (number | string | Long);
  'cursor'?: (string);
  'startedAt'?: (string);
  'endedAt'?: (string);
  'outcome'?: (string);
  '_endedAt'?: "endedAt";
  '_outcome'?: "outcome";
}

export interface GetRunResponse__Output {
  'runId': (string);
  'operator': (string);
  'reason': (string);
  'topic': (string);
  'selection': (string);
  'planned': (string);
  'sent': (string);
  'cursor': (string);
  'startedAt': (string);
  'endedAt'?: (string);
  'outcome'?: (string);
  '_endedAt'?: "endedAt";
  '_outcome'?: "outcome";
}
