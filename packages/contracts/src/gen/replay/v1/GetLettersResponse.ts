// Original file: proto/replay.proto

import type { LetterRecord as _replay_v1_LetterRecord, LetterRecord__Output as _replay_v1_LetterRecord__Output } from '../../replay/v1/LetterRecord.ts';

export interface GetLettersResponse {
  'letters'?: (_replay_v1_LetterRecord)[];
}

export interface GetLettersResponse__Output {
  'letters': (_replay_v1_LetterRecord__Output)[];
}
