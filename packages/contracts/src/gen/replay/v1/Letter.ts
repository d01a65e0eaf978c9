// Original file: proto/replay.proto


export interface Letter {
  'id'?: (string);
  'at'?: (string);
}

export interface Letter__Output {
  'id': (string);
  'at': (string);
}
