// Original file: proto/replay.proto

import type { Letter as _replay_v1_Letter, Letter__Output as _replay_v1_Letter__Output } from '../../replay/v1/Letter.ts';

export interface DiscardLettersRequest {
  'reason'?: (string);
  'letters'?: (_replay_v1_Letter)[];
}

export interface DiscardLettersRequest__Output {
  'reason': (string);
  'letters': (_replay_v1_Letter__Output)[];
}
