// Original file: proto/payment.proto


export interface RefundReceiveAccount {
  'bank'?: (string);
  'accountNumber'?: (string);
  'holderName'?: (string);
}

export interface RefundReceiveAccount__Output {
  'bank': (string);
  'accountNumber': (string);
  'holderName': (string);
}
