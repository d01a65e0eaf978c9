import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AdminServiceClient as _admin_v1_AdminServiceClient, AdminServiceDefinition as _admin_v1_AdminServiceDefinition } from './admin/v1/AdminService.ts';
import type { Check as _admin_v1_Check, Check__Output as _admin_v1_Check__Output } from './admin/v1/Check.ts';
import type { DiagnoseRequest as _admin_v1_DiagnoseRequest, DiagnoseRequest__Output as _admin_v1_DiagnoseRequest__Output } from './admin/v1/DiagnoseRequest.ts';
import type { DiagnoseResponse as _admin_v1_DiagnoseResponse, DiagnoseResponse__Output as _admin_v1_DiagnoseResponse__Output } from './admin/v1/DiagnoseResponse.ts';
import type { TimelineEntry as _admin_v1_TimelineEntry, TimelineEntry__Output as _admin_v1_TimelineEntry__Output } from './admin/v1/TimelineEntry.ts';
import type { WhoAmIRequest as _admin_v1_WhoAmIRequest, WhoAmIRequest__Output as _admin_v1_WhoAmIRequest__Output } from './admin/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as _admin_v1_WhoAmIResponse, WhoAmIResponse__Output as _admin_v1_WhoAmIResponse__Output } from './admin/v1/WhoAmIResponse.ts';

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
}

