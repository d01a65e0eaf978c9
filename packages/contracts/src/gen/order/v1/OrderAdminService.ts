// Original file: proto/order.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DiagnoseRequest as _order_v1_DiagnoseRequest, DiagnoseRequest__Output as _order_v1_DiagnoseRequest__Output } from '../../order/v1/DiagnoseRequest.ts';
import type { DiagnoseResponse as _order_v1_DiagnoseResponse, DiagnoseResponse__Output as _order_v1_DiagnoseResponse__Output } from '../../order/v1/DiagnoseResponse.ts';
import type { GetTimelineRequest as _order_v1_GetTimelineRequest, GetTimelineRequest__Output as _order_v1_GetTimelineRequest__Output } from '../../order/v1/GetTimelineRequest.ts';
import type { Timeline as _order_v1_Timeline, Timeline__Output as _order_v1_Timeline__Output } from '../../order/v1/Timeline.ts';
import type { WhoAmIRequest as _order_v1_WhoAmIRequest, WhoAmIRequest__Output as _order_v1_WhoAmIRequest__Output } from '../../order/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as _order_v1_WhoAmIResponse, WhoAmIResponse__Output as _order_v1_WhoAmIResponse__Output } from '../../order/v1/WhoAmIResponse.ts';

export interface OrderAdminServiceClient extends grpc.Client {
  Diagnose(argument: _order_v1_DiagnoseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  Diagnose(argument: _order_v1_DiagnoseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  Diagnose(argument: _order_v1_DiagnoseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  Diagnose(argument: _order_v1_DiagnoseRequest, callback: grpc.requestCallback<_order_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  diagnose(argument: _order_v1_DiagnoseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  diagnose(argument: _order_v1_DiagnoseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  diagnose(argument: _order_v1_DiagnoseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  diagnose(argument: _order_v1_DiagnoseRequest, callback: grpc.requestCallback<_order_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  
  GetTimeline(argument: _order_v1_GetTimelineRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  GetTimeline(argument: _order_v1_GetTimelineRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  GetTimeline(argument: _order_v1_GetTimelineRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  GetTimeline(argument: _order_v1_GetTimelineRequest, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  getTimeline(argument: _order_v1_GetTimelineRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  getTimeline(argument: _order_v1_GetTimelineRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  getTimeline(argument: _order_v1_GetTimelineRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  getTimeline(argument: _order_v1_GetTimelineRequest, callback: grpc.requestCallback<_order_v1_Timeline__Output>): grpc.ClientUnaryCall;
  
  WhoAmI(argument: _order_v1_WhoAmIRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _order_v1_WhoAmIRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _order_v1_WhoAmIRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _order_v1_WhoAmIRequest, callback: grpc.requestCallback<_order_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _order_v1_WhoAmIRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _order_v1_WhoAmIRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_order_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _order_v1_WhoAmIRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_order_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _order_v1_WhoAmIRequest, callback: grpc.requestCallback<_order_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface OrderAdminServiceHandlers extends grpc.UntypedServiceImplementation {
  Diagnose: grpc.handleUnaryCall<_order_v1_DiagnoseRequest__Output, _order_v1_DiagnoseResponse>;
  
  GetTimeline: grpc.handleUnaryCall<_order_v1_GetTimelineRequest__Output, _order_v1_Timeline>;
  
  WhoAmI: grpc.handleUnaryCall<_order_v1_WhoAmIRequest__Output, _order_v1_WhoAmIResponse>;
  
}

export interface OrderAdminServiceDefinition extends grpc.ServiceDefinition {
  Diagnose: MethodDefinition<_order_v1_DiagnoseRequest, _order_v1_DiagnoseResponse, _order_v1_DiagnoseRequest__Output, _order_v1_DiagnoseResponse__Output>
  GetTimeline: MethodDefinition<_order_v1_GetTimelineRequest, _order_v1_Timeline, _order_v1_GetTimelineRequest__Output, _order_v1_Timeline__Output>
  WhoAmI: MethodDefinition<_order_v1_WhoAmIRequest, _order_v1_WhoAmIResponse, _order_v1_WhoAmIRequest__Output, _order_v1_WhoAmIResponse__Output>
}
