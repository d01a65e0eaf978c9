// Original file: proto/replay.proto


export interface TakeLettersResponse {
  'refusedIds'?: (string)[];
}

export interface TakeLettersResponse__Output {
  'refusedIds': (string)[];
}
