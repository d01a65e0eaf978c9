// Original file: proto/replay.proto


export interface ReprojectResponse {
  'isChanged'?: (boolean);
}

export interface ReprojectResponse__Output {
  'isChanged': (boolean);
}
