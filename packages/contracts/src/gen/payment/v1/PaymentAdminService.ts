// Original file: proto/payment.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetReconciliationRequest as _payment_v1_GetReconciliationRequest, GetReconciliationRequest__Output as _payment_v1_GetReconciliationRequest__Output } from '../../payment/v1/GetReconciliationRequest.ts';
import type { GetTimelineRequest as _payment_v1_GetTimelineRequest, GetTimelineRequest__Output as _payment_v1_GetTimelineRequest__Output } from '../../payment/v1/GetTimelineRequest.ts';
import type { GetWebhookRequest as _payment_v1_GetWebhookRequest, GetWebhookRequest__Output as _payment_v1_GetWebhookRequest__Output } from '../../payment/v1/GetWebhookRequest.ts';
import type { ListPaymentsRequest as _payment_v1_ListPaymentsRequest, ListPaymentsRequest__Output as _payment_v1_ListPaymentsRequest__Output } from '../../payment/v1/ListPaymentsRequest.ts';
import type { ListPaymentsResponse as _payment_v1_ListPaymentsResponse, ListPaymentsResponse__Output as _payment_v1_ListPaymentsResponse__Output } from '../../payment/v1/ListPaymentsResponse.ts';
import type { ListTossTransactionsRequest as _payment_v1_ListTossTransactionsRequest, ListTossTransactionsRequest__Output as _payment_v1_ListTossTransactionsRequest__Output } from '../../payment/v1/ListTossTransactionsRequest.ts';
import type { ListTossTransactionsResponse as _payment_v1_ListTossTransactionsResponse, ListTossTransactionsResponse__Output as _payment_v1_ListTossTransactionsResponse__Output } from '../../payment/v1/ListTossTransactionsResponse.ts';
import type { ListWebhooksRequest as _payment_v1_ListWebhooksRequest, ListWebhooksRequest__Output as _payment_v1_ListWebhooksRequest__Output } from '../../payment/v1/ListWebhooksRequest.ts';
import type { ListWebhooksResponse as _payment_v1_ListWebhooksResponse, ListWebhooksResponse__Output as _payment_v1_ListWebhooksResponse__Output } from '../../payment/v1/ListWebhooksResponse.ts';
import type { LookAtTossRequest as _payment_v1_LookAtTossRequest, LookAtTossRequest__Output as _payment_v1_LookAtTossRequest__Output } from '../../payment/v1/LookAtTossRequest.ts';
import type { LookAtTossResponse as _payment_v1_LookAtTossResponse, LookAtTossResponse__Output as _payment_v1_LookAtTossResponse__Output } from '../../payment/v1/LookAtTossResponse.ts';
import type { Reconciliation as _payment_v1_Reconciliation, Reconciliation__Output as _payment_v1_Reconciliation__Output } from '../../payment/v1/Reconciliation.ts';
import type { ResolvePaymentRequest as _payment_v1_ResolvePaymentRequest, ResolvePaymentRequest__Output as _payment_v1_ResolvePaymentRequest__Output } from '../../payment/v1/ResolvePaymentRequest.ts';
import type { ResolvePaymentResponse as _payment_v1_ResolvePaymentResponse, ResolvePaymentResponse__Output as _payment_v1_ResolvePaymentResponse__Output } from '../../payment/v1/ResolvePaymentResponse.ts';
import type { RetryWebhookRequest as _payment_v1_RetryWebhookRequest, RetryWebhookRequest__Output as _payment_v1_RetryWebhookRequest__Output } from '../../payment/v1/RetryWebhookRequest.ts';
import type { RetryWebhookResponse as _payment_v1_RetryWebhookResponse, RetryWebhookResponse__Output as _payment_v1_RetryWebhookResponse__Output } from '../../payment/v1/RetryWebhookResponse.ts';
import type { SettlePaymentRequest as _payment_v1_SettlePaymentRequest, SettlePaymentRequest__Output as _payment_v1_SettlePaymentRequest__Output } from '../../payment/v1/SettlePaymentRequest.ts';
import type { SettlePaymentResponse as _payment_v1_SettlePaymentResponse, SettlePaymentResponse__Output as _payment_v1_SettlePaymentResponse__Output } from '../../payment/v1/SettlePaymentResponse.ts';
import type { StartReconciliationRequest as _payment_v1_StartReconciliationRequest, StartReconciliationRequest__Output as _payment_v1_StartReconciliationRequest__Output } from '../../payment/v1/StartReconciliationRequest.ts';
import type { StartReconciliationResponse as _payment_v1_StartReconciliationResponse, StartReconciliationResponse__Output as _payment_v1_StartReconciliationResponse__Output } from '../../payment/v1/StartReconciliationResponse.ts';
import type { Timeline as _payment_v1_Timeline, Timeline__Output as _payment_v1_Timeline__Output } from '../../payment/v1/Timeline.ts';
import type { Webhook as _payment_v1_Webhook, Webhook__Output as _payment_v1_Webhook__Output } from '../../payment/v1/Webhook.ts';

export interface PaymentAdminServiceClient extends grpc.Client {
  GetReconciliation(argument: _payment_v1_GetReconciliationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Reconciliation__Output>): grpc.ClientUnaryCall;
  GetReconciliation(argument: _payment_v1_GetReconciliationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_Reconciliation__Output>): grpc.ClientUnaryCall;
  GetReconciliation(argument: _payment_v1_GetReconciliationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Reconciliation__Output>): grpc.ClientUnaryCall;
  GetReconciliation(argument: _payment_v1_GetReconciliationRequest, callback: grpc.requestCallback<_payment_v1_Reconciliation__Output>): grpc.ClientUnaryCall;
  getReconciliation(argument: _payment_v1_GetReconciliationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Reconciliation__Output>): grpc.ClientUnaryCall;
  getReconciliation(argument: _payment_v1_GetReconciliationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_Reconciliation__Output>): grpc.ClientUnaryCall;
  getReconciliation(argument: _payment_v1_GetReconciliationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Reconciliation__Output>): grpc.ClientUnaryCall;
  getReconciliation(argument: _payment_v1_GetReconciliationRequest, callback: grpc.requestCallback<_payment_v1_Reconciliation__Output>): grpc.ClientUnaryCall;
  
  GetTimeline(argument: _payment_v1_GetTimelineRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Timeline__Output>): grpc.ClientUnaryCall;
  GetTimeline(argument: _payment_v1_GetTimelineRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_Timeline__Output>): grpc.ClientUnaryCall;
  GetTimeline(argument: _payment_v1_GetTimelineRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Timeline__Output>): grpc.ClientUnaryCall;
  GetTimeline(argument: _payment_v1_GetTimelineRequest, callback: grpc.requestCallback<_payment_v1_Timeline__Output>): grpc.ClientUnaryCall;
  getTimeline(argument: _payment_v1_GetTimelineRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Timeline__Output>): grpc.ClientUnaryCall;
  getTimeline(argument: _payment_v1_GetTimelineRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_Timeline__Output>): grpc.ClientUnaryCall;
  getTimeline(argument: _payment_v1_GetTimelineRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Timeline__Output>): grpc.ClientUnaryCall;
  getTimeline(argument: _payment_v1_GetTimelineRequest, callback: grpc.requestCallback<_payment_v1_Timeline__Output>): grpc.ClientUnaryCall;
  
  GetWebhook(argument: _payment_v1_GetWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Webhook__Output>): grpc.ClientUnaryCall;
  GetWebhook(argument: _payment_v1_GetWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_Webhook__Output>): grpc.ClientUnaryCall;
  GetWebhook(argument: _payment_v1_GetWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Webhook__Output>): grpc.ClientUnaryCall;
  GetWebhook(argument: _payment_v1_GetWebhookRequest, callback: grpc.requestCallback<_payment_v1_Webhook__Output>): grpc.ClientUnaryCall;
  getWebhook(argument: _payment_v1_GetWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Webhook__Output>): grpc.ClientUnaryCall;
  getWebhook(argument: _payment_v1_GetWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_Webhook__Output>): grpc.ClientUnaryCall;
  getWebhook(argument: _payment_v1_GetWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_Webhook__Output>): grpc.ClientUnaryCall;
  getWebhook(argument: _payment_v1_GetWebhookRequest, callback: grpc.requestCallback<_payment_v1_Webhook__Output>): grpc.ClientUnaryCall;
  
  ListPayments(argument: _payment_v1_ListPaymentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ListPaymentsResponse__Output>): grpc.ClientUnaryCall;
  ListPayments(argument: _payment_v1_ListPaymentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_ListPaymentsResponse__Output>): grpc.ClientUnaryCall;
  ListPayments(argument: _payment_v1_ListPaymentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ListPaymentsResponse__Output>): grpc.ClientUnaryCall;
  ListPayments(argument: _payment_v1_ListPaymentsRequest, callback: grpc.requestCallback<_payment_v1_ListPaymentsResponse__Output>): grpc.ClientUnaryCall;
  listPayments(argument: _payment_v1_ListPaymentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ListPaymentsResponse__Output>): grpc.ClientUnaryCall;
  listPayments(argument: _payment_v1_ListPaymentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_ListPaymentsResponse__Output>): grpc.ClientUnaryCall;
  listPayments(argument: _payment_v1_ListPaymentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ListPaymentsResponse__Output>): grpc.ClientUnaryCall;
  listPayments(argument: _payment_v1_ListPaymentsRequest, callback: grpc.requestCallback<_payment_v1_ListPaymentsResponse__Output>): grpc.ClientUnaryCall;
  
  ListTossTransactions(argument: _payment_v1_ListTossTransactionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ListTossTransactionsResponse__Output>): grpc.ClientUnaryCall;
  ListTossTransactions(argument: _payment_v1_ListTossTransactionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_ListTossTransactionsResponse__Output>): grpc.ClientUnaryCall;
  ListTossTransactions(argument: _payment_v1_ListTossTransactionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ListTossTransactionsResponse__Output>): grpc.ClientUnaryCall;
  ListTossTransactions(argument: _payment_v1_ListTossTransactionsRequest, callback: grpc.requestCallback<_payment_v1_ListTossTransactionsResponse__Output>): grpc.ClientUnaryCall;
  listTossTransactions(argument: _payment_v1_ListTossTransactionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ListTossTransactionsResponse__Output>): grpc.ClientUnaryCall;
  listTossTransactions(argument: _payment_v1_ListTossTransactionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_ListTossTransactionsResponse__Output>): grpc.ClientUnaryCall;
  listTossTransactions(argument: _payment_v1_ListTossTransactionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ListTossTransactionsResponse__Output>): grpc.ClientUnaryCall;
  listTossTransactions(argument: _payment_v1_ListTossTransactionsRequest, callback: grpc.requestCallback<_payment_v1_ListTossTransactionsResponse__Output>): grpc.ClientUnaryCall;
  
  ListWebhooks(argument: _payment_v1_ListWebhooksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  ListWebhooks(argument: _payment_v1_ListWebhooksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  ListWebhooks(argument: _payment_v1_ListWebhooksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  ListWebhooks(argument: _payment_v1_ListWebhooksRequest, callback: grpc.requestCallback<_payment_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  listWebhooks(argument: _payment_v1_ListWebhooksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  listWebhooks(argument: _payment_v1_ListWebhooksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  listWebhooks(argument: _payment_v1_ListWebhooksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  listWebhooks(argument: _payment_v1_ListWebhooksRequest, callback: grpc.requestCallback<_payment_v1_ListWebhooksResponse__Output>): grpc.ClientUnaryCall;
  
  LookAtToss(argument: _payment_v1_LookAtTossRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_LookAtTossResponse__Output>): grpc.ClientUnaryCall;
  LookAtToss(argument: _payment_v1_LookAtTossRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_LookAtTossResponse__Output>): grpc.ClientUnaryCall;
  LookAtToss(argument: _payment_v1_LookAtTossRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_LookAtTossResponse__Output>): grpc.ClientUnaryCall;
  LookAtToss(argument: _payment_v1_LookAtTossRequest, callback: grpc.requestCallback<_payment_v1_LookAtTossResponse__Output>): grpc.ClientUnaryCall;
  lookAtToss(argument: _payment_v1_LookAtTossRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_LookAtTossResponse__Output>): grpc.ClientUnaryCall;
  lookAtToss(argument: _payment_v1_LookAtTossRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_LookAtTossResponse__Output>): grpc.ClientUnaryCall;
  lookAtToss(argument: _payment_v1_LookAtTossRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_LookAtTossResponse__Output>): grpc.ClientUnaryCall;
  lookAtToss(argument: _payment_v1_LookAtTossRequest, callback: grpc.requestCallback<_payment_v1_LookAtTossResponse__Output>): grpc.ClientUnaryCall;
  
  ResolvePayment(argument: _payment_v1_ResolvePaymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ResolvePaymentResponse__Output>): grpc.ClientUnaryCall;
  ResolvePayment(argument: _payment_v1_ResolvePaymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_ResolvePaymentResponse__Output>): grpc.ClientUnaryCall;
  ResolvePayment(argument: _payment_v1_ResolvePaymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ResolvePaymentResponse__Output>): grpc.ClientUnaryCall;
  ResolvePayment(argument: _payment_v1_ResolvePaymentRequest, callback: grpc.requestCallback<_payment_v1_ResolvePaymentResponse__Output>): grpc.ClientUnaryCall;
  resolvePayment(argument: _payment_v1_ResolvePaymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ResolvePaymentResponse__Output>): grpc.ClientUnaryCall;
  resolvePayment(argument: _payment_v1_ResolvePaymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_ResolvePaymentResponse__Output>): grpc.ClientUnaryCall;
  resolvePayment(argument: _payment_v1_ResolvePaymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_ResolvePaymentResponse__Output>): grpc.ClientUnaryCall;
  resolvePayment(argument: _payment_v1_ResolvePaymentRequest, callback: grpc.requestCallback<_payment_v1_ResolvePaymentResponse__Output>): grpc.ClientUnaryCall;
  
  RetryWebhook(argument: _payment_v1_RetryWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_RetryWebhookResponse__Output>): grpc.ClientUnaryCall;
  RetryWebhook(argument: _payment_v1_RetryWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_RetryWebhookResponse__Output>): grpc.ClientUnaryCall;
  RetryWebhook(argument: _payment_v1_RetryWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_RetryWebhookResponse__Output>): grpc.ClientUnaryCall;
  RetryWebhook(argument: _payment_v1_RetryWebhookRequest, callback: grpc.requestCallback<_payment_v1_RetryWebhookResponse__Output>): grpc.ClientUnaryCall;
  retryWebhook(argument: _payment_v1_RetryWebhookRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_RetryWebhookResponse__Output>): grpc.ClientUnaryCall;
  retryWebhook(argument: _payment_v1_RetryWebhookRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_RetryWebhookResponse__Output>): grpc.ClientUnaryCall;
  retryWebhook(argument: _payment_v1_RetryWebhookRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_RetryWebhookResponse__Output>): grpc.ClientUnaryCall;
  retryWebhook(argument: _payment_v1_RetryWebhookRequest, callback: grpc.requestCallback<_payment_v1_RetryWebhookResponse__Output>): grpc.ClientUnaryCall;
  
  SettlePayment(argument: _payment_v1_SettlePaymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_SettlePaymentResponse__Output>): grpc.ClientUnaryCall;
  SettlePayment(argument: _payment_v1_SettlePaymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_SettlePaymentResponse__Output>): grpc.ClientUnaryCall;
  SettlePayment(argument: _payment_v1_SettlePaymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_SettlePaymentResponse__Output>): grpc.ClientUnaryCall;
  SettlePayment(argument: _payment_v1_SettlePaymentRequest, callback: grpc.requestCallback<_payment_v1_SettlePaymentResponse__Output>): grpc.ClientUnaryCall;
  settlePayment(argument: _payment_v1_SettlePaymentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_SettlePaymentResponse__Output>): grpc.ClientUnaryCall;
  settlePayment(argument: _payment_v1_SettlePaymentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_SettlePaymentResponse__Output>): grpc.ClientUnaryCall;
  settlePayment(argument: _payment_v1_SettlePaymentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_SettlePaymentResponse__Output>): grpc.ClientUnaryCall;
  settlePayment(argument: _payment_v1_SettlePaymentRequest, callback: grpc.requestCallback<_payment_v1_SettlePaymentResponse__Output>): grpc.ClientUnaryCall;
  
  StartReconciliation(argument: _payment_v1_StartReconciliationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_StartReconciliationResponse__Output>): grpc.ClientUnaryCall;
  StartReconciliation(argument: _payment_v1_StartReconciliationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_StartReconciliationResponse__Output>): grpc.ClientUnaryCall;
  StartReconciliation(argument: _payment_v1_StartReconciliationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_StartReconciliationResponse__Output>): grpc.ClientUnaryCall;
  StartReconciliation(argument: _payment_v1_StartReconciliationRequest, callback: grpc.requestCallback<_payment_v1_StartReconciliationResponse__Output>): grpc.ClientUnaryCall;
  startReconciliation(argument: _payment_v1_StartReconciliationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_StartReconciliationResponse__Output>): grpc.ClientUnaryCall;
  startReconciliation(argument: _payment_v1_StartReconciliationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_payment_v1_StartReconciliationResponse__Output>): grpc.ClientUnaryCall;
  startReconciliation(argument: _payment_v1_StartReconciliationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_payment_v1_StartReconciliationResponse__Output>): grpc.ClientUnaryCall;
  startReconciliation(argument: _payment_v1_StartReconciliationRequest, callback: grpc.requestCallback<_payment_v1_StartReconciliationResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface PaymentAdminServiceHandlers extends grpc.UntypedServiceImplementation {
  GetReconciliation: grpc.handleUnaryCall<_payment_v1_GetReconciliationRequest__Output, _payment_v1_Reconciliation>;
  
  GetTimeline: grpc.handleUnaryCall<_payment_v1_GetTimelineRequest__Output, _payment_v1_Timeline>;
  
  GetWebhook: grpc.handleUnaryCall<_payment_v1_GetWebhookRequest__Output, _payment_v1_Webhook>;
  
  ListPayments: grpc.handleUnaryCall<_payment_v1_ListPaymentsRequest__Output, _payment_v1_ListPaymentsResponse>;
  
  ListTossTransactions: grpc.handleUnaryCall<_payment_v1_ListTossTransactionsRequest__Output, _payment_v1_ListTossTransactionsResponse>;
  
  ListWebhooks: grpc.handleUnaryCall<_payment_v1_ListWebhooksRequest__Output, _payment_v1_ListWebhooksResponse>;
  
  LookAtToss: grpc.handleUnaryCall<_payment_v1_LookAtTossRequest__Output, _payment_v1_LookAtTossResponse>;
  
  ResolvePayment: grpc.handleUnaryCall<_payment_v1_ResolvePaymentRequest__Output, _payment_v1_ResolvePaymentResponse>;
  
  RetryWebhook: grpc.handleUnaryCall<_payment_v1_RetryWebhookRequest__Output, _payment_v1_RetryWebhookResponse>;
  
  SettlePayment: grpc.handleUnaryCall<_payment_v1_SettlePaymentRequest__Output, _payment_v1_SettlePaymentResponse>;
  
  StartReconciliation: grpc.handleUnaryCall<_payment_v1_StartReconciliationRequest__Output, _payment_v1_StartReconciliationResponse>;
  
}

export interface PaymentAdminServiceDefinition extends grpc.ServiceDefinition {
  GetReconciliation: MethodDefinition<_payment_v1_GetReconciliationRequest, _payment_v1_Reconciliation, _payment_v1_GetReconciliationRequest__Output, _payment_v1_Reconciliation__Output>
  GetTimeline: MethodDefinition<_payment_v1_GetTimelineRequest, _payment_v1_Timeline, _payment_v1_GetTimelineRequest__Output, _payment_v1_Timeline__Output>
  GetWebhook: MethodDefinition<_payment_v1_GetWebhookRequest, _payment_v1_Webhook, _payment_v1_GetWebhookRequest__Output, _payment_v1_Webhook__Output>
  ListPayments: MethodDefinition<_payment_v1_ListPaymentsRequest, _payment_v1_ListPaymentsResponse, _payment_v1_ListPaymentsRequest__Output, _payment_v1_ListPaymentsResponse__Output>
  ListTossTransactions: MethodDefinition<_payment_v1_ListTossTransactionsRequest, _payment_v1_ListTossTransactionsResponse, _payment_v1_ListTossTransactionsRequest__Output, _payment_v1_ListTossTransactionsResponse__Output>
  ListWebhooks: MethodDefinition<_payment_v1_ListWebhooksRequest, _payment_v1_ListWebhooksResponse, _payment_v1_ListWebhooksRequest__Output, _payment_v1_ListWebhooksResponse__Output>
  LookAtToss: MethodDefinition<_payment_v1_LookAtTossRequest, _payment_v1_LookAtTossResponse, _payment_v1_LookAtTossRequest__Output, _payment_v1_LookAtTossResponse__Output>
  ResolvePayment: MethodDefinition<_payment_v1_ResolvePaymentRequest, _payment_v1_ResolvePaymentResponse, _payment_v1_ResolvePaymentRequest__Output, _payment_v1_ResolvePaymentResponse__Output>
  RetryWebhook: MethodDefinition<_payment_v1_RetryWebhookRequest, _payment_v1_RetryWebhookResponse, _payment_v1_RetryWebhookRequest__Output, _payment_v1_RetryWebhookResponse__Output>
  SettlePayment: MethodDefinition<_payment_v1_SettlePaymentRequest, _payment_v1_SettlePaymentResponse, _payment_v1_SettlePaymentRequest__Output, _payment_v1_SettlePaymentResponse__Output>
  StartReconciliation: MethodDefinition<_payment_v1_StartReconciliationRequest, _payment_v1_StartReconciliationResponse, _payment_v1_StartReconciliationRequest__Output, _payment_v1_StartReconciliationResponse__Output>
}
