// Original file: proto/payment.proto


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
