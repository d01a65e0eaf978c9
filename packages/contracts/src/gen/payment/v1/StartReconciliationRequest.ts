// Original file: proto/payment.proto


export interface StartReconciliationRequest {
  'from'?: (string);
  'to'?: (string);
  'isApplied'?: (boolean);
  'reason'?: (string);
}

export interface StartReconciliationRequest__Output {
  'from': (string);
  'to': (string);
  'isApplied': (boolean);
  'reason': (string);
}
