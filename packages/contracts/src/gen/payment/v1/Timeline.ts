// Original file: proto/payment.proto

import type { TimelineEntry as _admin_v1_TimelineEntry, TimelineEntry__Output as _admin_v1_TimelineEntry__Output } from '../../admin/v1/TimelineEntry.ts';

export interface Timeline {
  'entries'?: (_admin_v1_TimelineEntry)[];
  'paymentKeys'?: (string)[];
}

export interface Timeline__Output {
  'entries': (_admin_v1_TimelineEntry__Output)[];
  'paymentKeys': (string)[];
}
