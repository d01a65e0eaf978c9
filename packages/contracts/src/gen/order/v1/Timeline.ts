// Original file: proto/order.proto

import type { TimelineEntry as _order_v1_TimelineEntry, TimelineEntry__Output as _order_v1_TimelineEntry__Output } from '../../order/v1/TimelineEntry.ts';

export interface Timeline {
  'entries'?: (_order_v1_TimelineEntry)[];
}

export interface Timeline__Output {
  'entries': (_order_v1_TimelineEntry__Output)[];
}
