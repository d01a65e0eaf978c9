// Original file: proto/order.proto


export interface GetTimelineRequest {
  'orderId'?: (string);
}

export interface GetTimelineRequest__Output {
  'orderId': (string);
}
