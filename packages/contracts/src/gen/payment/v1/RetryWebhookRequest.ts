// Original file: proto/payment.proto


export interface RetryWebhookRequest {
  'bodyHash'?: (string);
}

export interface RetryWebhookRequest__Output {
  'bodyHash': (string);
}
