// Original file: proto/payment.proto


export interface LookAtTossRequest {
  'paymentKey'?: (string);
  'orderId'?: (string);
}

export interface LookAtTossRequest__Output {
  'paymentKey': (string);
  'orderId': (string);
}
