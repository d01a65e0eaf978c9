// Original file: proto/catalog.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetProductsRequest as _catalog_v1_GetProductsRequest, GetProductsRequest__Output as _catalog_v1_GetProductsRequest__Output } from '../../catalog/v1/GetProductsRequest.ts';
import type { GetProductsResponse as _catalog_v1_GetProductsResponse, GetProductsResponse__Output as _catalog_v1_GetProductsResponse__Output } from '../../catalog/v1/GetProductsResponse.ts';
import type { ListProductsRequest as _catalog_v1_ListProductsRequest, ListProductsRequest__Output as _catalog_v1_ListProductsRequest__Output } from '../../catalog/v1/ListProductsRequest.ts';
import type { ListProductsResponse as _catalog_v1_ListProductsResponse, ListProductsResponse__Output as _catalog_v1_ListProductsResponse__Output } from '../../catalog/v1/ListProductsResponse.ts';

export interface CatalogServiceClient extends grpc.Client {
  GetProducts(argument: _catalog_v1_GetProductsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_catalog_v1_GetProductsResponse__Output>): grpc.ClientUnaryCall;
  GetProducts(argument: _catalog_v1_GetProductsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_catalog_v1_GetProductsResponse__Output>): grpc.ClientUnaryCall;
  GetProducts(argument: _catalog_v1_GetProductsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_catalog_v1_GetProductsResponse__Output>): grpc.ClientUnaryCall;
  GetProducts(argument: _catalog_v1_GetProductsRequest, callback: grpc.requestCallback<_catalog_v1_GetProductsResponse__Output>): grpc.ClientUnaryCall;
  getProducts(argument: _catalog_v1_GetProductsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_catalog_v1_GetProductsResponse__Output>): grpc.ClientUnaryCall;
  getProducts(argument: _catalog_v1_GetProductsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_catalog_v1_GetProductsResponse__Output>): grpc.ClientUnaryCall;
  getProducts(argument: _catalog_v1_GetProductsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_catalog_v1_GetProductsResponse__Output>): grpc.ClientUnaryCall;
  getProducts(argument: _catalog_v1_GetProductsRequest, callback: grpc.requestCallback<_catalog_v1_GetProductsResponse__Output>): grpc.ClientUnaryCall;
  
  ListProducts(argument: _catalog_v1_ListProductsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_catalog_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  ListProducts(argument: _catalog_v1_ListProductsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_catalog_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  ListProducts(argument: _catalog_v1_ListProductsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_catalog_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  ListProducts(argument: _catalog_v1_ListProductsRequest, callback: grpc.requestCallback<_catalog_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  listProducts(argument: _catalog_v1_ListProductsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_catalog_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  listProducts(argument: _catalog_v1_ListProductsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_catalog_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  listProducts(argument: _catalog_v1_ListProductsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_catalog_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  listProducts(argument: _catalog_v1_ListProductsRequest, callback: grpc.requestCallback<_catalog_v1_ListProductsResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface CatalogServiceHandlers extends grpc.UntypedServiceImplementation {
  GetProducts: grpc.handleUnaryCall<_catalog_v1_GetProductsRequest__Output, _catalog_v1_GetProductsResponse>;
  
  ListProducts: grpc.handleUnaryCall<_catalog_v1_ListProductsRequest__Output, _catalog_v1_ListProductsResponse>;
  
}

export interface CatalogServiceDefinition extends grpc.ServiceDefinition {
  GetProducts: MethodDefinition<_catalog_v1_GetProductsRequest, _catalog_v1_GetProductsResponse, _catalog_v1_GetProductsRequest__Output, _catalog_v1_GetProductsResponse__Output>
  ListProducts: MethodDefinition<_catalog_v1_ListProductsRequest, _catalog_v1_ListProductsResponse, _catalog_v1_ListProductsRequest__Output, _catalog_v1_ListProductsResponse__Output>
}
