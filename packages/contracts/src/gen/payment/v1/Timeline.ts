// Original file: proto/payment.proto

import type { TimelineEntry as _payment_v1_TimelineEntry, TimelineEntry__Output as _payment_v1_TimelineEntry__Output } from '../../payment/v1/TimelineEntry.ts';

export interface Timeline {
  'entries'?: (_payment_v1_TimelineEntry)[];
  'paymentKeys'?: (string)[];
}

export interface Timeline__Output {
  'entries': (_payment_v1_TimelineEntry__Output)[];
  'paymentKeys': (string)[];
}
