// Original file: proto/replay.proto


export interface BeginRunResponse {
  'runId'?: (string);
}

export interface BeginRunResponse__Output {
  'runId': (string);
}
