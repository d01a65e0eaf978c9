// Original file: proto/payment.proto


export interface CancelIdempotency {
  'key'?: (string);
  'fingerprint'?: (string);
}

export interface CancelIdempotency__Output {
  'key': (string);
  'fingerprint': (string);
}
