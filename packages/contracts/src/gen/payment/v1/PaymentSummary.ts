// Original file: proto/payment.proto

import type { Attention as _payment_v1_Attention, Attention__Output as _payment_v1_Attention__Output } from '../../payment/v1/Attention.ts';
import type { ResolutionProposal as _payment_v1_ResolutionProposal, ResolutionProposal__Output as _payment_v1_ResolutionProposal__Output } from '../../payment/v1/ResolutionProposal.ts';
import type { Long } from '@grpc/proto-loader';

export interface PaymentSummary {
  'paymentId'?: (string);
  'orderId'?: (string);
  'status'?: (string);
  'version'?: (number | string | Long);
  'amountKrw'?: (number | string | Long);
  'refundedKrw'?: (number | string | Long);
  'reservedKrw'?: (number | string | Long);
  'openedAt'?: (string);
  'due'?: (string);
  'tries'?: (number);
  'attention'?: (_payment_v1_Attention | null);
  'resolutions'?: (string)[];
  'proposal'?: (_payment_v1_ResolutionProposal | null);
  '_due'?: "due";
  '_attention'?: "attention";
  '_proposal'?: "proposal";
}

export interface PaymentSummary__Output {
  'paymentId': (string);
  'orderId': (string);
  'status': (string);
  'version': (string);
  'amountKrw': (string);
  'refundedKrw': (string);
  'reservedKrw': (string);
  'openedAt': (string);
  'due'?: (string);
  'tries': (number);
  'attention'?: (_payment_v1_Attention__Output | null);
  'resolutions': (string)[];
  'proposal'?: (_payment_v1_ResolutionProposal__Output | null);
  '_due'?: "due";
  '_attention'?: "attention";
  '_proposal'?: "proposal";
}
