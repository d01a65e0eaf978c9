// Original file: proto/order.proto


export interface ListOrdersRequest {
  'userId'?: (string);
  'beforeOrderId'?: (string);
  'limit'?: (number);
  '_beforeOrderId'?: "beforeOrderId";
}

export interface ListOrdersRequest__Output {
  'userId': (string);
  'beforeOrderId'?: (string);
  'limit': (number);
  '_beforeOrderId'?: "beforeOrderId";
}
