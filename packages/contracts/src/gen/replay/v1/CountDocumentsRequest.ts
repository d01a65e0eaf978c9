// Original file: proto/replay.proto


export interface CountDocumentsRequest {
  'topic'?: (string);
}

export interface CountDocumentsRequest__Output {
  'topic': (string);
}
