// Original file: proto/payment.proto


export interface ListWebhooksRequest {
  'outcome'?: (string);
  'limit'?: (number);
  'page'?: (string);
  '_page'?: "page";
}

export interface ListWebhooksRequest__Output {
  'outcome': (string);
  'limit': (number);
  'page'?: (string);
  '_page'?: "page";
}
