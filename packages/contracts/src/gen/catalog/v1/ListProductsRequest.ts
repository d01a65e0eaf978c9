// Original file: proto/catalog.proto

import type { Long } from '@grpc/proto-loader';

export interface ListProductsRequest {
  'afterId'?: (number | string | Long);
  'limit'?: (number);
}

export interface ListProductsRequest__Output {
  'afterId': (string);
  'limit': (number);
}
