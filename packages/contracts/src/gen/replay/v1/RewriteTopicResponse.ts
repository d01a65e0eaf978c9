// Original file: proto/replay.proto


export interface RewriteTopicResponse {
  'count'?: (number);
  'last'?: (string);
  'hasMore'?: (boolean);
}

export interface RewriteTopicResponse__Output {
  'count': (number);
  'last': (string);
  'hasMore': (boolean);
}
