// Original file: proto/payment.proto


export interface SettlePaymentRequest {
  'orderId'?: (string);
}

export interface SettlePaymentRequest__Output {
  'orderId': (string);
}
