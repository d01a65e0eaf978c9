// Original file: proto/payment.proto

import type { Webhook as _payment_v1_Webhook, Webhook__Output as _payment_v1_Webhook__Output } from '../../payment/v1/Webhook.ts';

export interface RetryWebhookResponse {
  'webhook'?: (_payment_v1_Webhook | null);
}

export interface RetryWebhookResponse__Output {
  'webhook': (_payment_v1_Webhook__Output | null);
}
