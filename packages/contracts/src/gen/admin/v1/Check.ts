// Original file: proto/admin.proto


export interface Check {
  'name'?: (string);
  'state'?: (string);
  'detail'?: (string);
  'advice'?: (string);
}

export interface Check__Output {
  'name': (string);
  'state': (string);
  'detail': (string);
  'advice': (string);
}
