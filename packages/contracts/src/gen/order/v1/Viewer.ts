// Original file: proto/order.proto


export interface Viewer {
  'userId'?: (string);
  '_userId'?: "userId";
}

export interface Viewer__Output {
  'userId'?: (string);
  '_userId'?: "userId";
}
