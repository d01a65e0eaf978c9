// Original file: proto/payment.proto


export interface GetReconciliationRequest {
  'id'?: (string);
}

export interface GetReconciliationRequest__Output {
  'id': (string);
}
