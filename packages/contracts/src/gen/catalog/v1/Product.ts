// Original file: proto/catalog.proto

import type { Long } from '@grpc/proto-loader';

export interface Product {
  'id'?: (number | string | Long);
  'sku'?: (string);
  'name'?: (string);
  'description'?: (string);
  'listPriceKrw'?: (number | string | Long);
  'isActive'?: (boolean);
}

export interface Product__Output {
  'id': (string);
  'sku': (string);
  'name': (string);
  'description': (string);
  'listPriceKrw': (string);
  'isActive': (boolean);
}
