// Original file: proto/replay.proto


export interface EndRunRequest {
  'runId'?: (string);
  'outcome'?: (string);
}

export interface EndRunRequest__Output {
  'runId': (string);
  'outcome': (string);
}
