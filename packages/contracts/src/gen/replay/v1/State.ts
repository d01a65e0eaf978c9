// Original file: proto/replay.proto

import type { Long } from '@grpc/proto-loader';

export interface State {
  'id'?: (string);
  'status'?: (string);
  'version'?: (number | string | Long);
  'outcome'?: (string);
  '_status'?: "status";
  '_version'?: "version";
  '_outcome'?: "outcome";
}

export interface State__Output {
  'id': (string);
  'status'?: (string);
  'version'?: (string);
  'outcome'?: (string);
  '_status'?: "status";
  '_version'?: "version";
  '_outcome'?: "outcome";
}
