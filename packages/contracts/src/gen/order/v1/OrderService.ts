// Original file: proto/order.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateOrderRequest as _order_v1_CreateOrderRequest, CreateOrderRequest__Output as _order_v1_CreateOrderRequest__Output } from '../../order/v1/CreateOrderRequest.ts';
import type { CreateOrderResponse as _order_v1_CreateOrderResponse, CreateOrderResponse__Output as _order_v1_CreateOrderResponse__Output } from '../../order/v1/CreateOrderResponse.ts';
import type { GetOrderRequest as _order_v1_GetOrderRequest, GetOrderRequest__Output as _order_v1_GetOrderRequest__Output } from '../../order/v1/GetOrderRequest.ts';
import type { ListOrdersRequest as _order_v1_ListOrdersRequest, ListOrdersRequest__Output as _order_v1_ListOrdersRequest__Output } from '../../order/v1/ListOrdersRequest.ts';
import type { ListOrdersResponse as _order_v1_ListOrdersResponse, ListOrdersResponse__Output as _order_v1_ListOrdersResponse__Output } from '../../order/v1/ListOrdersResponse.ts';
import type { Order as _order_v1_Order, Order__Output as _order_v1_Order__Output } from '../../order/v1/Order.ts';

export interface OrderServiceClient extends grpc.Client {
  CreateOrder(argument: _order_v1_CreateOrderRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_CreateOrderResponse__Output>): grpc.ClientUnaryCall;
  CreateOrder(argument: _order_v1_CreateOrderRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_CreateOrderResponse__Output>): grpc.ClientUnaryCall;
  CreateOrder(argument: _order_v1_CreateOrderRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_CreateOrderResponse__Output>): grpc.ClientUnaryCall;
  CreateOrder(argument: _order_v1_CreateOrderRequest, callback: grpc.requestCallback<_order_v1_CreateOrderResponse__Output>): grpc.ClientUnaryCall;
  createOrder(argument: _order_v1_CreateOrderRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_CreateOrderResponse__Output>): grpc.ClientUnaryCall;
  createOrder(argument: _order_v1_CreateOrderRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_CreateOrderResponse__Output>): grpc.ClientUnaryCall;
  createOrder(argument: _order_v1_CreateOrderRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_CreateOrderResponse__Output>): grpc.ClientUnaryCall;
  createOrder(argument: _order_v1_CreateOrderRequest, callback: grpc.requestCallback<_order_v1_CreateOrderResponse__Output>): grpc.ClientUnaryCall;
  
  GetOrder(argument: _order_v1_GetOrderRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_Order__Output>): grpc.ClientUnaryCall;
  GetOrder(argument: _order_v1_GetOrderRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_Order__Output>): grpc.ClientUnaryCall;
  GetOrder(argument: _order_v1_GetOrderRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_Order__Output>): grpc.ClientUnaryCall;
  GetOrder(argument: _order_v1_GetOrderRequest, callback: grpc.requestCallback<_order_v1_Order__Output>): grpc.ClientUnaryCall;
  getOrder(argument: _order_v1_GetOrderRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_Order__Output>): grpc.ClientUnaryCall;
  getOrder(argument: _order_v1_GetOrderRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_Order__Output>): grpc.ClientUnaryCall;
  getOrder(argument: _order_v1_GetOrderRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_Order__Output>): grpc.ClientUnaryCall;
  getOrder(argument: _order_v1_GetOrderRequest, callback: grpc.requestCallback<_order_v1_Order__Output>): grpc.ClientUnaryCall;
  
  ListOrders(argument: _order_v1_ListOrdersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_ListOrdersResponse__Output>): grpc.ClientUnaryCall;
  ListOrders(argument: _order_v1_ListOrdersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_ListOrdersResponse__Output>): grpc.ClientUnaryCall;
  ListOrders(argument: _order_v1_ListOrdersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_ListOrdersResponse__Output>): grpc.ClientUnaryCall;
  ListOrders(argument: _order_v1_ListOrdersRequest, callback: grpc.requestCallback<_order_v1_ListOrdersResponse__Output>): grpc.ClientUnaryCall;
  listOrders(argument: _order_v1_ListOrdersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_ListOrdersResponse__Output>): grpc.ClientUnaryCall;
  listOrders(argument: _order_v1_ListOrdersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_ListOrdersResponse__Output>): grpc.ClientUnaryCall;
  listOrders(argument: _order_v1_ListOrdersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_ListOrdersResponse__Output>): grpc.ClientUnaryCall;
  listOrders(argument: _order_v1_ListOrdersRequest, callback: grpc.requestCallback<_order_v1_ListOrdersResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface OrderServiceHandlers extends grpc.UntypedServiceImplementation {
  CreateOrder: grpc.handleUnaryCall<_order_v1_CreateOrderRequest__Output, _order_v1_CreateOrderResponse>;
  
  GetOrder: grpc.handleUnaryCall<_order_v1_GetOrderRequest__Output, _order_v1_Order>;
  
  ListOrders: grpc.handleUnaryCall<_order_v1_ListOrdersRequest__Output, _order_v1_ListOrdersResponse>;
  
}

export interface OrderServiceDefinition extends grpc.ServiceDefinition {
  CreateOrder: MethodDefinition<_order_v1_CreateOrderRequest, _order_v1_CreateOrderResponse, _order_v1_CreateOrderRequest__Output, _order_v1_CreateOrderResponse__Output>
  GetOrder: MethodDefinition<_order_v1_GetOrderRequest, _order_v1_Order, _order_v1_GetOrderRequest__Output, _order_v1_Order__Output>
  ListOrders: MethodDefinition<_order_v1_ListOrdersRequest, _order_v1_ListOrdersResponse, _order_v1_ListOrdersRequest__Output, _order_v1_ListOrdersResponse__Output>
}
