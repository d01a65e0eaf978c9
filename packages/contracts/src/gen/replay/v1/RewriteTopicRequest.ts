// Original file: proto/replay.proto


export interface RewriteTopicRequest {
  'topic'?: (string);
  'reason'?: (string);
  'after'?: (string);
  'limit'?: (number);
}

export interface RewriteTopicRequest__Output {
  'topic': (string);
  'reason': (string);
  'after': (string);
  'limit': (number);
}
