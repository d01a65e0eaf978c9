// Original file: proto/payment.proto


export interface ReconciliationCount {
  'class'?: (string);
  'healed'?: (number);
  'open'?: (number);
}

export interface ReconciliationCount__Output {
  'class': (string);
  'healed': (number);
  'open': (number);
}
