// Original file: proto/payment.proto


export interface FailPaymentRequest {
  'orderId'?: (string);
  'code'?: (string);
  'message'?: (string);
}

export interface FailPaymentRequest__Output {
  'orderId': (string);
  'code': (string);
  'message': (string);
}
