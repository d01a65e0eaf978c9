// Original file: proto/admin.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DiagnoseRequest as _admin_v1_DiagnoseRequest, DiagnoseRequest__Output as _admin_v1_DiagnoseRequest__Output } from '../../admin/v1/DiagnoseRequest.ts';
import type { DiagnoseResponse as _admin_v1_DiagnoseResponse, DiagnoseResponse__Output as _admin_v1_DiagnoseResponse__Output } from '../../admin/v1/DiagnoseResponse.ts';
import type { WhoAmIRequest as _admin_v1_WhoAmIRequest, WhoAmIRequest__Output as _admin_v1_WhoAmIRequest__Output } from '../../admin/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as _admin_v1_WhoAmIResponse, WhoAmIResponse__Output as _admin_v1_WhoAmIResponse__Output } from '../../admin/v1/WhoAmIResponse.ts';

export interface AdminServiceClient extends grpc.Client {
  Diagnose(argument: _admin_v1_DiagnoseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_admin_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  Diagnose(argument: _admin_v1_DiagnoseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_admin_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  Diagnose(argument: _admin_v1_DiagnoseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_admin_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  Diagnose(argument: _admin_v1_DiagnoseRequest, callback: grpc.requestCallback<_admin_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  diagnose(argument: _admin_v1_DiagnoseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_admin_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  diagnose(argument: _admin_v1_DiagnoseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_admin_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  diagnose(argument: _admin_v1_DiagnoseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_admin_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  diagnose(argument: _admin_v1_DiagnoseRequest, callback: grpc.requestCallback<_admin_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  
  WhoAmI(argument: _admin_v1_WhoAmIRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_admin_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _admin_v1_WhoAmIRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_admin_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _admin_v1_WhoAmIRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_admin_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _admin_v1_WhoAmIRequest, callback: grpc.requestCallback<_admin_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _admin_v1_WhoAmIRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_admin_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _admin_v1_WhoAmIRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_admin_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _admin_v1_WhoAmIRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_admin_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _admin_v1_WhoAmIRequest, callback: grpc.requestCallback<_admin_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface AdminServiceHandlers extends grpc.UntypedServiceImplementation {
  Diagnose: grpc.handleUnaryCall<_admin_v1_DiagnoseRequest__Output, _admin_v1_DiagnoseResponse>;
  
  WhoAmI: grpc.handleUnaryCall<_admin_v1_WhoAmIRequest__Output, _admin_v1_WhoAmIResponse>;
  
}

export interface AdminServiceDefinition extends grpc.ServiceDefinition {
  Diagnose: MethodDefinition<_admin_v1_DiagnoseRequest, _admin_v1_DiagnoseResponse, _admin_v1_DiagnoseRequest__Output, _admin_v1_DiagnoseResponse__Output>
  WhoAmI: MethodDefinition<_admin_v1_WhoAmIRequest, _admin_v1_WhoAmIResponse, _admin_v1_WhoAmIRequest__Output, _admin_v1_WhoAmIResponse__Output>
}
