// Original file: proto/payment.proto

import type { Webhook as _payment_v1_Webhook, Webhook__Output as _payment_v1_Webhook__Output } from '../../payment/v1/Webhook.ts';

export interface ListWebhooksResponse {
  'webhooks'?: (_payment_v1_Webhook)[];
  'nextPage'?: (string);
  '_nextPage'?: "nextPage";
}

export interface ListWebhooksResponse__Output {
  'webhooks': (_payment_v1_Webhook__Output)[];
  'nextPage'?: (string);
  '_nextPage'?: "nextPage";
}
