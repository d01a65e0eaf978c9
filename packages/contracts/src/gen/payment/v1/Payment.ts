// Original file: proto/payment.proto

import type { Failure as _payment_v1_Failure, Failure__Output as _payment_v1_Failure__Output } from '../../payment/v1/Failure.ts';
import type { VirtualAccount as _payment_v1_VirtualAccount, VirtualAccount__Output as _payment_v1_VirtualAccount__Output } from '../../payment/v1/VirtualAccount.ts';
import type { Refund as _payment_v1_Refund, Refund__Output as _payment_v1_Refund__Output } from '../../payment/v1/Refund.ts';
import type { Long } from '@grpc/proto-loader';

export interface Payment {
  'paymentId'?: (string);
  'orderId'?: (string);
  'amountKrw'?: (number | string | Long);
  'refundedKrw'?: (number | string | Long);
  'reservedKrw'?: (number | string | Long);
  'status'?: (string);
  'version'?: (number | string | Long);
  'method'?: (string);
  'approvedAt'?: (string);
  'receiptUrl'?: (string);
  'failure'?: (_payment_v1_Failure | null);
  'virtualAccount'?: (_payment_v1_VirtualAccount | null);
  'refunds'?: (_payment_v1_Refund)[];
  'hasAttempt'?: (boolean);
  '_method'?: "method";
  '_approvedAt'?: "approvedAt";
  '_receiptUrl'?: "receiptUrl";
  '_failure'?: "failure";
  '_virtualAccount'?: "virtualAccount";
}

export interface Payment__Output {
  'paymentId': (string);
  'orderId': (string);
  'amountKrw': (string);
  'refundedKrw': (string);
  'reservedKrw': (string);
  'status': (string);
  'version': (string);
  'method'?: (string);
  'approvedAt'?: (string);
  'receiptUrl'?: (string);
  'failure'?: (_payment_v1_Failure__Output | null);
  'virtualAccount'?: (_payment_v1_VirtualAccount__Output | null);
  'refunds': (_payment_v1_Refund__Output)[];
  'hasAttempt': (boolean);
  '_method'?: "method";
  '_approvedAt'?: "approvedAt";
  '_receiptUrl'?: "receiptUrl";
  '_failure'?: "failure";
  '_virtualAccount'?: "virtualAccount";
}
