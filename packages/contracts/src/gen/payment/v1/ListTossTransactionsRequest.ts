// Original file: proto/payment.proto


export interface ListTossTransactionsRequest {
  'from'?: (string);
  'to'?: (string);
  'startingAfter'?: (string);
  'limit'?: (number);
}

export interface ListTossTransactionsRequest__Output {
  'from': (string);
  'to': (string);
  'startingAfter': (string);
  'limit': (number);
}
