// Original file: proto/order.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetTimelineRequest as _order_v1_GetTimelineRequest, GetTimelineRequest__Output as _order_v1_GetTimelineRequest__Output } from '../../order/v1/GetTimelineRequest.ts';
import type { Timeline as _order_v1_Timeline, Timeline__Output as _order_v1_Timeline__Output } from '../../order/v1/Timeline.ts';

export interface OrderAdminServiceClient extends grpc.Client {
  GetTimeline(argument: _order_v1_GetTimelineRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  GetTimeline(argument: _order_v1_GetTimelineRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  GetTimeline(argument: _order_v1_GetTimelineRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  GetTimeline(argument: _order_v1_GetTimelineRequest, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  getTimeline(argument: _order_v1_GetTimelineRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  getTimeline(argument: _order_v1_GetTimelineRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  getTimeline(argument: _order_v1_GetTimelineRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  getTimeline(argument: _order_v1_GetTimelineRequest, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  
}

export interface OrderAdminServiceHandlers extends grpc.UntypedServiceImplementation {
  GetTimeline: grpc.handleUnaryCall<_order_v1_GetTimelineRequest__Output, _order_v1_Timeline>;
  
}

export interface OrderAdminServiceDefinition extends grpc.ServiceDefinition {
  GetTimeline: MethodDefinition<_order_v1_GetTimelineRequest, _order_v1_Timeline, _order_v1_GetTimelineRequest__Output, _order_v1_Timeline__Output>
}
