// Original file: proto/catalog.proto

import type { Long } from '@grpc/proto-loader';

export interface GetProductsRequest {
  'ids'?: (number | string | Long)[];
}

export interface GetProductsRequest__Output {
  'ids': (string)[];
}
