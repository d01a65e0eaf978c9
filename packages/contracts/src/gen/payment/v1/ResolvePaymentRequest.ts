// Original file: proto/payment.proto


export interface ResolvePaymentRequest {
  'orderId'?: (string);
  'resolution'?: (string);
  'reason'?: (string);
}

export interface ResolvePaymentRequest__Output {
  'orderId': (string);
  'resolution': (string);
  'reason': (string);
}
