// Original file: proto/payment.proto


export interface TossCancel {
  'transactionKey'?: (string);
  'tag'?: (string);
  '_tag'?: "tag";
}

export interface TossCancel__Output {
  'transactionKey': (string);
  'tag'?: (string);
  '_tag'?: "tag";
}
