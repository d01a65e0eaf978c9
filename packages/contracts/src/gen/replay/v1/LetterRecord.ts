// Original file: proto/replay.proto


export interface LetterRecord {
  'id'?: (string);
  'replays'?: (number);
  'closedAt'?: (string);
  'fate'?: (string);
  'operator'?: (string);
  'reason'?: (string);
  '_closedAt'?: "closedAt";
  '_fate'?: "fate";
  '_operator'?: "operator";
  '_reason'?: "reason";
}

export interface LetterRecord__Output {
  'id': (string);
  'replays': (number);
  'closedAt'?: (string);
  'fate'?: (string);
  'operator'?: (string);
  'reason'?: (string);
  '_closedAt'?: "closedAt";
  '_fate'?: "fate";
  '_operator'?: "operator";
  '_reason'?: "reason";
}
