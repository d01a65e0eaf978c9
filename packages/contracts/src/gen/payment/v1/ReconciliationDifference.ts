// Original file: proto/payment.proto


export interface ReconciliationDifference {
  'class'?: (string);
  'orderId'?: (string);
  'paymentKey'?: (string);
  'transactionKey'?: (string);
  'detail'?: (string);
  '_transactionKey'?: "transactionKey";
}

export interface ReconciliationDifference__Output {
  'class': (string);
  'orderId': (string);
  'paymentKey': (string);
  'transactionKey'?: (string);
  'detail': (string);
  '_transactionKey'?: "transactionKey";
}
