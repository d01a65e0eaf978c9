// Original file: proto/replay.proto


export interface TakeLettersRequest {
  'runId'?: (string);
  'ids'?: (string)[];
}

export interface TakeLettersRequest__Output {
  'runId': (string);
  'ids': (string)[];
}
