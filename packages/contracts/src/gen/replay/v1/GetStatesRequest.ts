// Original file: proto/replay.proto


export interface GetStatesRequest {
  'topic'?: (string);
  'ids'?: (string)[];
}

export interface GetStatesRequest__Output {
  'topic': (string);
  'ids': (string)[];
}
