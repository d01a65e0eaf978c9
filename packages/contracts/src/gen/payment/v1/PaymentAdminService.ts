// Original file: proto/payment.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { WhoAmIRequest as _payment_v1_WhoAmIRequest, WhoAmIRequest__Output as _payment_v1_WhoAmIRequest__Output } from '../../payment/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as _payment_v1_WhoAmIResponse, WhoAmIResponse__Output as _payment_v1_WhoAmIResponse__Output } from '../../payment/v1/WhoAmIResponse.ts';

export interface PaymentAdminServiceClient extends grpc.Client {
  WhoAmI(argument: _payment_v1_WhoAmIRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _payment_v1_WhoAmIRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _payment_v1_WhoAmIRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _payment_v1_WhoAmIRequest, callback: grpc.requestCallback<_payment_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _payment_v1_WhoAmIRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _payment_v1_WhoAmIRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _payment_v1_WhoAmIRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _payment_v1_WhoAmIRequest, callback: grpc.requestCallback<_payment_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface PaymentAdminServiceHandlers extends grpc.UntypedServiceImplementation {
  WhoAmI: grpc.handleUnaryCall<_payment_v1_WhoAmIRequest__Output, _payment_v1_WhoAmIResponse>;
  
}

export interface PaymentAdminServiceDefinition extends grpc.ServiceDefinition {
  WhoAmI: MethodDefinition<_payment_v1_WhoAmIRequest, _payment_v1_WhoAmIResponse, _payment_v1_WhoAmIRequest__Output, _payment_v1_WhoAmIResponse__Output>
}
