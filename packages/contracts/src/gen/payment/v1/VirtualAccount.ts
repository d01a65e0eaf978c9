// Original file: proto/payment.proto


export interface VirtualAccount {
  'bankCode'?: (string);
  'accountNumber'?: (string);
  'customerName'?: (string);
  'dueDate'?: (string);
}

export interface VirtualAccount__Output {
  'bankCode': (string);
  'accountNumber': (string);
  'customerName': (string);
  'dueDate': (string);
}
