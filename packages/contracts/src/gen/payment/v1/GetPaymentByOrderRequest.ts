// Original file: proto/payment.proto


export interface GetPaymentByOrderRequest {
  'orderId'?: (string);
}

export interface GetPaymentByOrderRequest__Output {
  'orderId': (string);
}
