import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AdminServiceClient as _admin_v1_AdminServiceClient, AdminServiceDefinition as _admin_v1_AdminServiceDefinition } from './admin/v1/AdminService.ts';
import type { Check as _admin_v1_Check, Check__Output as _admin_v1_Check__Output } from './admin/v1/Check.ts';
import type { DiagnoseRequest as _admin_v1_DiagnoseRequest, DiagnoseRequest__Output as _admin_v1_DiagnoseRequest__Output } from './admin/v1/DiagnoseRequest.ts';
import type { DiagnoseResponse as _admin_v1_DiagnoseResponse, DiagnoseResponse__Output as _admin_v1_DiagnoseResponse__Output } from './admin/v1/DiagnoseResponse.ts';
import type { TimelineEntry as _admin_v1_TimelineEntry, TimelineEntry__Output as _admin_v1_TimelineEntry__Output } from './admin/v1/TimelineEntry.ts';
import type { WhoAmIRequest as _admin_v1_WhoAmIRequest, WhoAmIRequest__Output as _admin_v1_WhoAmIRequest__Output } from './admin/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as _admin_v1_WhoAmIResponse, WhoAmIResponse__Output as _admin_v1_WhoAmIResponse__Output } from './admin/v1/WhoAmIResponse.ts';
import type { Attention as _payment_v1_Attention, Attention__Output as _payment_v1_Attention__Output } from './payment/v1/Attention.ts';
import type { CancelIdempotency as _payment_v1_CancelIdempotency, CancelIdempotency__Output as _payment_v1_CancelIdempotency__Output } from './payment/v1/CancelIdempotency.ts';
import type { CancelPaymentRequest as _payment_v1_CancelPaymentRequest, CancelPaymentRequest__Output as _payment_v1_CancelPaymentRequest__Output } from './payment/v1/CancelPaymentRequest.ts';
import type { CancelPaymentResponse as _payment_v1_CancelPaymentResponse, CancelPaymentResponse__Output as _payment_v1_CancelPaymentResponse__Output } from './payment/v1/CancelPaymentResponse.ts';
import type { ConfirmPaymentRequest as _payment_v1_ConfirmPaymentRequest, ConfirmPaymentRequest__Output as _payment_v1_ConfirmPaymentRequest__Output } from './payment/v1/ConfirmPaymentRequest.ts';
import type { ConfirmPaymentResponse as _payment_v1_ConfirmPaymentResponse, ConfirmPaymentResponse__Output as _payment_v1_ConfirmPaymentResponse__Output } from './payment/v1/ConfirmPaymentResponse.ts';
import type { FailPaymentRequest as _payment_v1_FailPaymentRequest, FailPaymentRequest__Output as _payment_v1_FailPaymentRequest__Output } from './payment/v1/FailPaymentRequest.ts';
import type { FailPaymentResponse as _payment_v1_FailPaymentResponse, FailPaymentResponse__Output as _payment_v1_FailPaymentResponse__Output } from './payment/v1/FailPaymentResponse.ts';
import type { Failure as _payment_v1_Failure, Failure__Output as _payment_v1_Failure__Output } from './payment/v1/Failure.ts';
import type { GetPaymentByOrderRequest as _payment_v1_GetPaymentByOrderRequest, GetPaymentByOrderRequest__Output as _payment_v1_GetPaymentByOrderRequest__Output } from './payment/v1/GetPaymentByOrderRequest.ts';
import type { GetReconciliationRequest as _payment_v1_GetReconciliationRequest, GetReconciliationRequest__Output as _payment_v1_GetReconciliationRequest__Output } from './payment/v1/GetReconciliationRequest.ts';
import type { GetTimelineRequest as _payment_v1_GetTimelineRequest, GetTimelineRequest__Output as _payment_v1_GetTimelineRequest__Output } from './payment/v1/GetTimelineRequest.ts';
import type { GetWebhookRequest as _payment_v1_GetWebhookRequest, GetWebhookRequest__Output as _payment_v1_GetWebhookRequest__Output } from './payment/v1/GetWebhookRequest.ts';
import type { ListPaymentsRequest as _payment_v1_ListPaymentsRequest, ListPaymentsRequest__Output as _payment_v1_ListPaymentsRequest__Output } from './payment/v1/ListPaymentsRequest.ts';
import type { ListPaymentsResponse as _payment_v1_ListPaymentsResponse, ListPaymentsResponse__Output as _payment_v1_ListPaymentsResponse__Output } from './payment/v1/ListPaymentsResponse.ts';
import type { ListTossTransactionsRequest as _payment_v1_ListTossTransactionsRequest, ListTossTransactionsRequest__Output as _payment_v1_ListTossTransactionsRequest__Output } from './payment/v1/ListTossTransactionsRequest.ts';
import type { ListTossTransactionsResponse as _payment_v1_ListTossTransactionsResponse, ListTossTransactionsResponse__Output as _payment_v1_ListTossTransactionsResponse__Output } from './payment/v1/ListTossTransactionsResponse.ts';
import type { ListWebhooksRequest as _payment_v1_ListWebhooksRequest, ListWebhooksRequest__Output as _payment_v1_ListWebhooksRequest__Output } from './payment/v1/ListWebhooksRequest.ts';
import type { ListWebhooksResponse as _payment_v1_ListWebhooksResponse, ListWebhooksResponse__Output as _payment_v1_ListWebhooksResponse__Output } from './payment/v1/ListWebhooksResponse.ts';
import type { LookAtTossRequest as _payment_v1_LookAtTossRequest, LookAtTossRequest__Output as _payment_v1_LookAtTossRequest__Output } from './payment/v1/LookAtTossRequest.ts';
import type { LookAtTossResponse as _payment_v1_LookAtTossResponse, LookAtTossResponse__Output as _payment_v1_LookAtTossResponse__Output } from './payment/v1/LookAtTossResponse.ts';
import type { Payment as _payment_v1_Payment, Payment__Output as _payment_v1_Payment__Output } from './payment/v1/Payment.ts';
import type { PaymentAdminServiceClient as _payment_v1_PaymentAdminServiceClient, PaymentAdminServiceDefinition as _payment_v1_PaymentAdminServiceDefinition } from './payment/v1/PaymentAdminService.ts';
import type { PaymentChange as _payment_v1_PaymentChange, PaymentChange__Output as _payment_v1_PaymentChange__Output } from './payment/v1/PaymentChange.ts';
import type { PaymentServiceClient as _payment_v1_PaymentServiceClient, PaymentServiceDefinition as _payment_v1_PaymentServiceDefinition } from './payment/v1/PaymentService.ts';
import type { PaymentSummary as _payment_v1_PaymentSummary, PaymentSummary__Output as _payment_v1_PaymentSummary__Output } from './payment/v1/PaymentSummary.ts';
import type { Reconciliation as _payment_v1_Reconciliation, Reconciliation__Output as _payment_v1_Reconciliation__Output } from './payment/v1/Reconciliation.ts';
import type { ReconciliationCount as _payment_v1_ReconciliationCount, ReconciliationCount__Output as _payment_v1_ReconciliationCount__Output } from './payment/v1/ReconciliationCount.ts';
import type { ReconciliationDifference as _payment_v1_ReconciliationDifference, ReconciliationDifference__Output as _payment_v1_ReconciliationDifference__Output } from './payment/v1/ReconciliationDifference.ts';
import type { Refund as _payment_v1_Refund, Refund__Output as _payment_v1_Refund__Output } from './payment/v1/Refund.ts';
import type { RefundReceiveAccount as _payment_v1_RefundReceiveAccount, RefundReceiveAccount__Output as _payment_v1_RefundReceiveAccount__Output } from './payment/v1/RefundReceiveAccount.ts';
import type { ResolutionProposal as _payment_v1_ResolutionProposal, ResolutionProposal__Output as _payment_v1_ResolutionProposal__Output } from './payment/v1/ResolutionProposal.ts';
import type { ResolvePaymentRequest as _payment_v1_ResolvePaymentRequest, ResolvePaymentRequest__Output as _payment_v1_ResolvePaymentRequest__Output } from './payment/v1/ResolvePaymentRequest.ts';
import type { ResolvePaymentResponse as _payment_v1_ResolvePaymentResponse, ResolvePaymentResponse__Output as _payment_v1_ResolvePaymentResponse__Output } from './payment/v1/ResolvePaymentResponse.ts';
import type { RetryWebhookRequest as _payment_v1_RetryWebhookRequest, RetryWebhookRequest__Output as _payment_v1_RetryWebhookRequest__Output } from './payment/v1/RetryWebhookRequest.ts';
import type { RetryWebhookResponse as _payment_v1_RetryWebhookResponse, RetryWebhookResponse__Output as _payment_v1_RetryWebhookResponse__Output } from './payment/v1/RetryWebhookResponse.ts';
import type { SettlePaymentRequest as _payment_v1_SettlePaymentRequest, SettlePaymentRequest__Output as _payment_v1_SettlePaymentRequest__Output } from './payment/v1/SettlePaymentRequest.ts';
import type { SettlePaymentResponse as _payment_v1_SettlePaymentResponse, SettlePaymentResponse__Output as _payment_v1_SettlePaymentResponse__Output } from './payment/v1/SettlePaymentResponse.ts';
import type { StartReconciliationRequest as _payment_v1_StartReconciliationRequest, StartReconciliationRequest__Output as _payment_v1_StartReconciliationRequest__Output } from './payment/v1/StartReconciliationRequest.ts';
import type { StartReconciliationResponse as _payment_v1_StartReconciliationResponse, StartReconciliationResponse__Output as _payment_v1_StartReconciliationResponse__Output } from './payment/v1/StartReconciliationResponse.ts';
import type { Timeline as _payment_v1_Timeline, Timeline__Output as _payment_v1_Timeline__Output } from './payment/v1/Timeline.ts';
import type { TossCancel as _payment_v1_TossCancel, TossCancel__Output as _payment_v1_TossCancel__Output } from './payment/v1/TossCancel.ts';
import type { TossPayment as _payment_v1_TossPayment, TossPayment__Output as _payment_v1_TossPayment__Output } from './payment/v1/TossPayment.ts';
import type { TossTransaction as _payment_v1_TossTransaction, TossTransaction__Output as _payment_v1_TossTransaction__Output } from './payment/v1/TossTransaction.ts';
import type { VirtualAccount as _payment_v1_VirtualAccount, VirtualAccount__Output as _payment_v1_VirtualAccount__Output } from './payment/v1/VirtualAccount.ts';
import type { Webhook as _payment_v1_Webhook, Webhook__Output as _payment_v1_Webhook__Output } from './payment/v1/Webhook.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  admin: {
    v1: {
      AdminService: SubtypeConstructor<typeof grpc.Client, _admin_v1_AdminServiceClient> & { service: _admin_v1_AdminServiceDefinition }
      Check: MessageTypeDefinition<_admin_v1_Check, _admin_v1_Check__Output>
      DiagnoseRequest: MessageTypeDefinition<_admin_v1_DiagnoseRequest, _admin_v1_DiagnoseRequest__Output>
      DiagnoseResponse: MessageTypeDefinition<_admin_v1_DiagnoseResponse, _admin_v1_DiagnoseResponse__Output>
      TimelineEntry: MessageTypeDefinition<_admin_v1_TimelineEntry, _admin_v1_TimelineEntry__Output>
      WhoAmIRequest: MessageTypeDefinition<_admin_v1_WhoAmIRequest, _admin_v1_WhoAmIRequest__Output>
      WhoAmIResponse: MessageTypeDefinition<_admin_v1_WhoAmIResponse, _admin_v1_WhoAmIResponse__Output>
    }
  }
  payment: {
    v1: {
      Attention: MessageTypeDefinition<_payment_v1_Attention, _payment_v1_Attention__Output>
      CancelIdempotency: MessageTypeDefinition<_payment_v1_CancelIdempotency, _payment_v1_CancelIdempotency__Output>
      CancelPaymentRequest: MessageTypeDefinition<_payment_v1_CancelPaymentRequest, _payment_v1_CancelPaymentRequest__Output>
      CancelPaymentResponse: MessageTypeDefinition<_payment_v1_CancelPaymentResponse, _payment_v1_CancelPaymentResponse__Output>
      ConfirmPaymentRequest: MessageTypeDefinition<_payment_v1_ConfirmPaymentRequest, _payment_v1_ConfirmPaymentRequest__Output>
      ConfirmPaymentResponse: MessageTypeDefinition<_payment_v1_ConfirmPaymentResponse, _payment_v1_ConfirmPaymentResponse__Output>
      FailPaymentRequest: MessageTypeDefinition<_payment_v1_FailPaymentRequest, _payment_v1_FailPaymentRequest__Output>
      FailPaymentResponse: MessageTypeDefinition<_payment_v1_FailPaymentResponse, _payment_v1_FailPaymentResponse__Output>
      Failure: MessageTypeDefinition<_payment_v1_Failure, _payment_v1_Failure__Output>
      GetPaymentByOrderRequest: MessageTypeDefinition<_payment_v1_GetPaymentByOrderRequest, _payment_v1_GetPaymentByOrderRequest__Output>
      GetReconciliationRequest: MessageTypeDefinition<_payment_v1_GetReconciliationRequest, _payment_v1_GetReconciliationRequest__Output>
      GetTimelineRequest: MessageTypeDefinition<_payment_v1_GetTimelineRequest, _payment_v1_GetTimelineRequest__Output>
      GetWebhookRequest: MessageTypeDefinition<_payment_v1_GetWebhookRequest, _payment_v1_GetWebhookRequest__Output>
      ListPaymentsRequest: MessageTypeDefinition<_payment_v1_ListPaymentsRequest, _payment_v1_ListPaymentsRequest__Output>
      ListPaymentsResponse: MessageTypeDefinition<_payment_v1_ListPaymentsResponse, _payment_v1_ListPaymentsResponse__Output>
      ListTossTransactionsRequest: MessageTypeDefinition<_payment_v1_ListTossTransactionsRequest, _payment_v1_ListTossTransactionsRequest__Output>
      ListTossTransactionsResponse: MessageTypeDefinition<_payment_v1_ListTossTransactionsResponse, _payment_v1_ListTossTransactionsResponse__Output>
      ListWebhooksRequest: MessageTypeDefinition<_payment_v1_ListWebhooksRequest, _payment_v1_ListWebhooksRequest__Output>
      ListWebhooksResponse: MessageTypeDefinition<_payment_v1_ListWebhooksResponse, _payment_v1_ListWebhooksResponse__Output>
      LookAtTossRequest: MessageTypeDefinition<_payment_v1_LookAtTossRequest, _payment_v1_LookAtTossRequest__Output>
      LookAtTossResponse: MessageTypeDefinition<_payment_v1_LookAtTossResponse, _payment_v1_LookAtTossResponse__Output>
      Payment: MessageTypeDefinition<_payment_v1_Payment, _payment_v1_Payment__Output>
      PaymentAdminService: SubtypeConstructor<typeof grpc.Client, _payment_v1_PaymentAdminServiceClient> & { service: _payment_v1_PaymentAdminServiceDefinition }
      PaymentChange: MessageTypeDefinition<_payment_v1_PaymentChange, _payment_v1_PaymentChange__Output>
      PaymentService: SubtypeConstructor<typeof grpc.Client, _payment_v1_PaymentServiceClient> & { service: _payment_v1_PaymentServiceDefinition }
      PaymentSummary: MessageTypeDefinition<_payment_v1_PaymentSummary, _payment_v1_PaymentSummary__Output>
      Reconciliation: MessageTypeDefinition<_payment_v1_Reconciliation, _payment_v1_Reconciliation__Output>
      ReconciliationCount: MessageTypeDefinition<_payment_v1_ReconciliationCount, _payment_v1_ReconciliationCount__Output>
      ReconciliationDifference: MessageTypeDefinition<_payment_v1_ReconciliationDifference, _payment_v1_ReconciliationDifference__Output>
      Refund: MessageTypeDefinition<_payment_v1_Refund, _payment_v1_Refund__Output>
      RefundReceiveAccount: MessageTypeDefinition<_payment_v1_RefundReceiveAccount, _payment_v1_RefundReceiveAccount__Output>
      ResolutionProposal: MessageTypeDefinition<_payment_v1_ResolutionProposal, _payment_v1_ResolutionProposal__Output>
      ResolvePaymentRequest: MessageTypeDefinition<_payment_v1_ResolvePaymentRequest, _payment_v1_ResolvePaymentRequest__Output>
      ResolvePaymentResponse: MessageTypeDefinition<_payment_v1_ResolvePaymentResponse, _payment_v1_ResolvePaymentResponse__Output>
      RetryWebhookRequest: MessageTypeDefinition<_payment_v1_RetryWebhookRequest, _payment_v1_RetryWebhookRequest__Output>
      RetryWebhookResponse: MessageTypeDefinition<_payment_v1_RetryWebhookResponse, _payment_v1_RetryWebhookResponse__Output>
      SettlePaymentRequest: MessageTypeDefinition<_payment_v1_SettlePaymentRequest, _payment_v1_SettlePaymentRequest__Output>
      SettlePaymentResponse: MessageTypeDefinition<_payment_v1_SettlePaymentResponse, _payment_v1_SettlePaymentResponse__Output>
      StartReconciliationRequest: MessageTypeDefinition<_payment_v1_StartReconciliationRequest, _payment_v1_StartReconciliationRequest__Output>
      StartReconciliationResponse: MessageTypeDefinition<_payment_v1_StartReconciliationResponse, _payment_v1_StartReconciliationResponse__Output>
      Timeline: MessageTypeDefinition<_payment_v1_Timeline, _payment_v1_Timeline__Output>
      TossCancel: MessageTypeDefinition<_payment_v1_TossCancel, _payment_v1_TossCancel__Output>
      TossPayment: MessageTypeDefinition<_payment_v1_TossPayment, _payment_v1_TossPayment__Output>
      TossTransaction: MessageTypeDefinition<_payment_v1_TossTransaction, _payment_v1_TossTransaction__Output>
      VirtualAccount: MessageTypeDefinition<_payment_v1_VirtualAccount, _payment_v1_VirtualAccount__Output>
      Webhook: MessageTypeDefinition<_payment_v1_Webhook, _payment_v1_Webhook__Output>
    }
  }
}

