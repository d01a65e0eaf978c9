// Original file: proto/order.proto


export interface Idempotency {
  'key'?: (string);
  'fingerprint'?: (string);
}

export interface Idempotency__Output {
  'key': (string);
  'fingerprint': (string);
}
