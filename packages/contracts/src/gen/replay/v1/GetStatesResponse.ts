// Original file: proto/replay.proto

import type { State as _replay_v1_State, State__Output as _replay_v1_State__Output } from '../../replay/v1/State.ts';

export interface GetStatesResponse {
  'states'?: (_replay_v1_State)[];
}

export interface GetStatesResponse__Output {
  'states': (_replay_v1_State__Output)[];
}
