// Original file: proto/payment.proto


export interface ListPaymentsRequest {
  'stuck'?: (boolean);
  'attention'?: (boolean);
  'status'?: (string);
  'openedBefore'?: (string);
  'limit'?: (number);
  'page'?: (string);
  '_status'?: "status";
  '_openedBefore'?: "openedBefore";
  '_page'?: "page";
}

export interface ListPaymentsRequest__Output {
  'stuck': (boolean);
  'attention': (boolean);
  'status'?: (string);
  'openedBefore'?: (string);
  'limit': (number);
  'page'?: (string);
  '_status'?: "status";
  '_openedBefore'?: "openedBefore";
  '_page'?: "page";
}
