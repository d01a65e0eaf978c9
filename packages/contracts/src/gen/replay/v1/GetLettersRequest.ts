// Original file: proto/replay.proto


export interface GetLettersRequest {
  'ids'?: (string)[];
}

export interface GetLettersRequest__Output {
  'ids': (string)[];
}
