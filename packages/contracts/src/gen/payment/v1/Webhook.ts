// Original file: proto/payment.proto


export interface Webhook {
  'bodyHash'?: (string);
  'eventType'?: (string);
  'orderId'?: (string);
  'paymentKey'?: (string);
  'status'?: (string);
  'transactionKey'?: (string);
  'transmissionId'?: (string);
  'receivedAt'?: (string);
  'storedAt'?: (string);
  'paymentId'?: (string);
  'outcome'?: (string);
  'reason'?: (string);
  'looks'?: (number);
  'nextLookAt'?: (string);
  'needsAttention'?: (boolean);
  'justifiedBy'?: (string);
  '_orderId'?: "orderId";
  '_paymentKey'?: "paymentKey";
  '_status'?: "status";
  '_transactionKey'?: "transactionKey";
  '_transmissionId'?: "transmissionId";
  '_paymentId'?: "paymentId";
  '_outcome'?: "outcome";
  '_reason'?: "reason";
  '_nextLookAt'?: "nextLookAt";
  '_justifiedBy'?: "justifiedBy";
}

export interface Webhook__Output {
  'bodyHash': (string);
  'eventType': (string);
  'orderId'?: (string);
  'paymentKey'?: (string);
  'status'?: (string);
  'transactionKey'?: (string);
  'transmissionId'?: (string);
  'receivedAt': (string);
  'storedAt': (string);
  'paymentId'?: (string);
  'outcome'?: (string);
  'reason'?: (string);
  'looks': (number);
  'nextLookAt'?: (string);
  'needsAttention': (boolean);
  'justifiedBy'?: (string);
  '_orderId'?: "orderId";
  '_paymentKey'?: "paymentKey";
  '_status'?: "status";
  '_transactionKey'?: "transactionKey";
  '_transmissionId'?: "transmissionId";
  '_paymentId'?: "paymentId";
  '_outcome'?: "outcome";
  '_reason'?: "reason";
  '_nextLookAt'?: "nextLookAt";
  '_justifiedBy'?: "justifiedBy";
}
