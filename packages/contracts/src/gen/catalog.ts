import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { CatalogServiceClient as _catalog_v1_CatalogServiceClient, CatalogServiceDefinition as _catalog_v1_CatalogServiceDefinition } from './catalog/v1/CatalogService.ts';
import type { GetProductsRequest as _catalog_v1_GetProductsRequest, GetProductsRequest__Output as _catalog_v1_GetProductsRequest__Output } from './catalog/v1/GetProductsRequest.ts';
import type { GetProductsResponse as _catalog_v1_GetProductsResponse, GetProductsResponse__Output as _catalog_v1_GetProductsResponse__Output } from './catalog/v1/GetProductsResponse.ts';
import type { ListProductsRequest as _catalog_v1_ListProductsRequest, ListProductsRequest__Output as _catalog_v1_ListProductsRequest__Output } from './catalog/v1/ListProductsRequest.ts';
import type { ListProductsResponse as _catalog_v1_ListProductsResponse, ListProductsResponse__Output as _catalog_v1_ListProductsResponse__Output } from './catalog/v1/ListProductsResponse.ts';
import type { Product as _catalog_v1_Product, Product__Output as _catalog_v1_Product__Output } from './catalog/v1/Product.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  catalog: {
    v1: {
      CatalogService: SubtypeConstructor<typeof grpc.Client, _catalog_v1_CatalogServiceClient> & { service: _catalog_v1_CatalogServiceDefinition }
      GetProductsRequest: MessageTypeDefinition<_catalog_v1_GetProductsRequest, _catalog_v1_GetProductsRequest__Output>
      GetProductsResponse: MessageTypeDefinition<_catalog_v1_GetProductsResponse, _catalog_v1_GetProductsResponse__Output>
      ListProductsRequest: MessageTypeDefinition<_catalog_v1_ListProductsRequest, _catalog_v1_ListProductsRequest__Output>
      ListProductsResponse: MessageTypeDefinition<_catalog_v1_ListProductsResponse, _catalog_v1_ListProductsResponse__Output>
      Product: MessageTypeDefinition<_catalog_v1_Product, _catalog_v1_Product__Output>
    }
  }
}

