// Original file: proto/replay.proto

import type { Letter as _replay_v1_Letter, Letter__Output as _replay_v1_Letter__Output } from '../../replay/v1/Letter.ts';
import type { Long } from '@grpc/proto-loader';

export interface SaveCursorRequest {
  'runId'?: (string);
  'cursor'?: (string);
  'sent'?: (number | string | Long);
  'letters'?: (_replay_v1_Letter)[];
}

export interface SaveCursorRequest__Output {
  'runId': (string);
  'cursor': (string);
  'sent': (string);
  'letters': (_replay_v1_Letter__Output)[];
}
