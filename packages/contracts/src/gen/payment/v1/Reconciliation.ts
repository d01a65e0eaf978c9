// Original file: proto/payment.proto

import type { ReconciliationCount as _payment_v1_ReconciliationCount, ReconciliationCount__Output as _payment_v1_ReconciliationCount__Output } from '../../payment/v1/ReconciliationCount.ts';
import type { ReconciliationDifference as _payment_v1_ReconciliationDifference, ReconciliationDifference__Output as _payment_v1_ReconciliationDifference__Output } from '../../payment/v1/ReconciliationDifference.ts';

export interface Reconciliation {
  'id'?: (string);
  'kind'?: (string);
  'from'?: (string);
  'to'?: (string);
  'isApplied'?: (boolean);
  'status'?: (string);
  'startedAt'?: (string);
  'finishedAt'?: (string);
  'rows'?: (number);
  'asked'?: (number);
  'counts'?: (_payment_v1_ReconciliationCount)[];
  'differences'?: (_payment_v1_ReconciliationDifference)[];
  'trouble'?: (string);
  '_finishedAt'?: "finishedAt";
  '_trouble'?: "trouble";
}

export interface Reconciliation__Output {
  'id': (string);
  'kind': (string);
  'from': (string);
  'to': (string);
  'isApplied': (boolean);
  'status': (string);
  'startedAt': (string);
  'finishedAt'?: (string);
  'rows': (number);
  'asked': (number);
  'counts': (_payment_v1_ReconciliationCount__Output)[];
  'differences': (_payment_v1_ReconciliationDifference__Output)[];
  'trouble'?: (string);
  '_finishedAt'?: "finishedAt";
  '_trouble'?: "trouble";
}
