// Original file: proto/payment.proto

import type { Long } from '@grpc/proto-loader';

export interface ResolutionProposal {
  'resolution'?: (string);
  'reason'?: (string);
  'operator'?: (string);
  'proposedAt'?: (string);
  'expiresAt'?: (string);
  'version'?: (number | string | Long);
}

export interface ResolutionProposal__Output {
  'resolution': (string);
  'reason': (string);
  'operator': (string);
  'proposedAt': (string);
  'expiresAt': (string);
  'version': (string);
}
