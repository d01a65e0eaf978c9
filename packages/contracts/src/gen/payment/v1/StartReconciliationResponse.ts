// Original file: proto/payment.proto


export interface StartReconciliationResponse {
  'id'?: (string);
}

export interface StartReconciliationResponse__Output {
  'id': (string);
}
