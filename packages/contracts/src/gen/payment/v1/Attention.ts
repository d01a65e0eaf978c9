// Original file: proto/payment.proto


export interface Attention {
  'reason'?: (string);
  'since'?: (string);
  'stopsPosts'?: (boolean);
}

export interface Attention__Output {
  'reason': (string);
  'since': (string);
  'stopsPosts': (boolean);
}
