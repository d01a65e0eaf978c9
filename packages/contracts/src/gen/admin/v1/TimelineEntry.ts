// Original file: proto/admin.proto

import type { Long } from '@grpc/proto-loader';

export interface TimelineEntry {
  'at'?: (string);
  'kind'?: (string);
  'text'?: (string);
  'version'?: (number | string | Long);
  'status'?: (string);
  'requestId'?: (string);
  '_version'?: "version";
  '_status'?: "status";
  '_requestId'?: "requestId";
}

export interface TimelineEntry__Output {
  'at': (string);
  'kind': (string);
  'text': (string);
  'version'?: (string);
  'status'?: (string);
  'requestId'?: (string);
  '_version'?: "version";
  '_status'?: "status";
  '_requestId'?: "requestId";
}
