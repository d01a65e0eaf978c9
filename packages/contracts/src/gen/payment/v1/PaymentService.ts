// Original file: proto/payment.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelPaymentRequest as _payment_v1_CancelPaymentRequest, CancelPaymentRequest__Output as _payment_v1_CancelPaymentRequest__Output } from '../../payment/v1/CancelPaymentRequest.ts';
import type { CancelPaymentResponse as _payment_v1_CancelPaymentResponse, CancelPaymentResponse__Output as _payment_v1_CancelPaymentResponse__Output } from '../../payment/v1/CancelPaymentResponse.ts';
import type { ConfirmPaymentRequest as _payment_v1_ConfirmPaymentRequest, ConfirmPaymentRequest__Output as _payment_v1_ConfirmPaymentRequest__Output } from '../../payment/v1/ConfirmPaymentRequest.ts';
import type { ConfirmPaymentResponse as _payment_v1_ConfirmPaymentResponse, ConfirmPaymentResponse__Output as _payment_v1_ConfirmPaymentResponse__Output } from '../../payment/v1/ConfirmPaymentResponse.ts';
import type { FailPaymentRequest as _payment_v1_FailPaymentRequest, FailPaymentRequest__Output as _payment_v1_FailPaymentRequest__Output } from '../../payment/v1/FailPaymentRequest.ts';
import type { FailPaymentResponse as _payment_v1_FailPaymentResponse, FailPaymentResponse__Output as _payment_v1_FailPaymentResponse__Output } from '../../payment/v1/FailPaymentResponse.ts';
import type { GetPaymentByOrderRequest as _payment_v1_GetPaymentByOrderRequest, GetPaymentByOrderRequest__Output as _payment_v1_GetPaymentByOrderRequest__Output } from '../../payment/v1/GetPaymentByOrderRequest.ts';
import type { Payment as _payment_v1_Payment, Payment__Output as _payment_v1_Payment__Output } from '../../payment/v1/Payment.ts';

export interface PaymentServiceClient extends grpc.Client {
  CancelPayment(argument: _payment_v1_CancelPaymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_CancelPaymentResponse__Output>): grpc.ClientUnaryCall;
  CancelPayment(argument: _payment_v1_CancelPaymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_CancelPaymentResponse__Output>): grpc.ClientUnaryCall;
  CancelPayment(argument: _payment_v1_CancelPaymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_CancelPaymentResponse__Output>): grpc.ClientUnaryCall;
  CancelPayment(argument: _payment_v1_CancelPaymentRequest, callback: grpc.requestCallback<_payment_v1_CancelPaymentResponse__Output>): grpc.ClientUnaryCall;
  cancelPayment(argument: _payment_v1_CancelPaymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_CancelPaymentResponse__Output>): grpc.ClientUnaryCall;
  cancelPayment(argument: _payment_v1_CancelPaymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_CancelPaymentResponse__Output>): grpc.ClientUnaryCall;
  cancelPayment(argument: _payment_v1_CancelPaymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_CancelPaymentResponse__Output>): grpc.ClientUnaryCall;
  cancelPayment(argument: _payment_v1_CancelPaymentRequest, callback: grpc.requestCallback<_payment_v1_CancelPaymentResponse__Output>): grpc.ClientUnaryCall;
  
  ConfirmPayment(argument: _payment_v1_ConfirmPaymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ConfirmPaymentResponse__Output>): grpc.ClientUnaryCall;
  ConfirmPayment(argument: _payment_v1_ConfirmPaymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_ConfirmPaymentResponse__Output>): grpc.ClientUnaryCall;
  ConfirmPayment(argument: _payment_v1_ConfirmPaymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ConfirmPaymentResponse__Output>): grpc.ClientUnaryCall;
  ConfirmPayment(argument: _payment_v1_ConfirmPaymentRequest, callback: grpc.requestCallback<_payment_v1_ConfirmPaymentResponse__Output>): grpc.ClientUnaryCall;
  confirmPayment(argument: _payment_v1_ConfirmPaymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ConfirmPaymentResponse__Output>): grpc.ClientUnaryCall;
  confirmPayment(argument: _payment_v1_ConfirmPaymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_ConfirmPaymentResponse__Output>): grpc.ClientUnaryCall;
  confirmPayment(argument: _payment_v1_ConfirmPaymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ConfirmPaymentResponse__Output>): grpc.ClientUnaryCall;
  confirmPayment(argument: _payment_v1_ConfirmPaymentRequest, callback: grpc.requestCallback<_payment_v1_ConfirmPaymentResponse__Output>): grpc.ClientUnaryCall;
  
  FailPayment(argument: _payment_v1_FailPaymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_FailPaymentResponse__Output>): grpc.ClientUnaryCall;
  FailPayment(argument: _payment_v1_FailPaymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_FailPaymentResponse__Output>): grpc.ClientUnaryCall;
  FailPayment(argument: _payment_v1_FailPaymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_FailPaymentResponse__Output>): grpc.ClientUnaryCall;
  FailPayment(argument: _payment_v1_FailPaymentRequest, callback: grpc.requestCallback<_payment_v1_FailPaymentResponse__Output>): grpc.ClientUnaryCall;
  failPayment(argument: _payment_v1_FailPaymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_FailPaymentResponse__Output>): grpc.ClientUnaryCall;
  failPayment(argument: _payment_v1_FailPaymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_FailPaymentResponse__Output>): grpc.ClientUnaryCall;
  failPayment(argument: _payment_v1_FailPaymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_FailPaymentResponse__Output>): grpc.ClientUnaryCall;
  failPayment(argument: _payment_v1_FailPaymentRequest, callback: grpc.requestCallback<_payment_v1_FailPaymentResponse__Output>): grpc.ClientUnaryCall;
  
  GetPaymentByOrder(argument: _payment_v1_GetPaymentByOrderRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Payment__Output>): grpc.ClientUnaryCall;
  GetPaymentByOrder(argument: _payment_v1_GetPaymentByOrderRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_Payment__Output>): grpc.ClientUnaryCall;
  GetPaymentByOrder(argument: _payment_v1_GetPaymentByOrderRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Payment__Output>): grpc.ClientUnaryCall;
  GetPaymentByOrder(argument: _payment_v1_GetPaymentByOrderRequest, callback: grpc.requestCallback<_payment_v1_Payment__Output>): grpc.ClientUnaryCall;
  getPaymentByOrder(argument: _payment_v1_GetPaymentByOrderRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Payment__Output>): grpc.ClientUnaryCall;
  getPaymentByOrder(argument: _payment_v1_GetPaymentByOrderRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_Payment__Output>): grpc.ClientUnaryCall;
  getPaymentByOrder(argument: _payment_v1_GetPaymentByOrderRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Payment__Output>): grpc.ClientUnaryCall;
  getPaymentByOrder(argument: _payment_v1_GetPaymentByOrderRequest, callback: grpc.requestCallback<_payment_v1_Payment__Output>): grpc.ClientUnaryCall;
  
}

export interface PaymentServiceHandlers extends grpc.UntypedServiceImplementation {
  CancelPayment: grpc.handleUnaryCall<_payment_v1_CancelPaymentRequest__Output, _payment_v1_CancelPaymentResponse>;
  
  ConfirmPayment: grpc.handleUnaryCall<_payment_v1_ConfirmPaymentRequest__Output, _payment_v1_ConfirmPaymentResponse>;
  
  FailPayment: grpc.handleUnaryCall<_payment_v1_FailPaymentRequest__Output, _payment_v1_FailPaymentResponse>;
  
  GetPaymentByOrder: grpc.handleUnaryCall<_payment_v1_GetPaymentByOrderRequest__Output, _payment_v1_Payment>;
  
}

export interface PaymentServiceDefinition extends grpc.ServiceDefinition {
  CancelPayment: MethodDefinition<_payment_v1_CancelPaymentRequest, _payment_v1_CancelPaymentResponse, _payment_v1_CancelPaymentRequest__Output, _payment_v1_CancelPaymentResponse__Output>
  ConfirmPayment: MethodDefinition<_payment_v1_ConfirmPaymentRequest, _payment_v1_ConfirmPaymentResponse, _payment_v1_ConfirmPaymentRequest__Output, _payment_v1_ConfirmPaymentResponse__Output>
  FailPayment: MethodDefinition<_payment_v1_FailPaymentRequest, _payment_v1_FailPaymentResponse, _payment_v1_FailPaymentRequest__Output, _payment_v1_FailPaymentResponse__Output>
  GetPaymentByOrder: MethodDefinition<_payment_v1_GetPaymentByOrderRequest, _payment_v1_Payment, _payment_v1_GetPaymentByOrderRequest__Output, _payment_v1_Payment__Output>
}
