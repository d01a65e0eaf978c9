// Original file: proto/payment.proto


export interface GetWebhookRequest {
  'bodyHash'?: (string);
}

export interface GetWebhookRequest__Output {
  'bodyHash': (string);
}
