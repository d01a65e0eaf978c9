import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AdminServiceClient as _admin_v1_AdminServiceClient, AdminServiceDefinition as _admin_v1_AdminServiceDefinition } from './admin/v1/AdminService.ts';
import type { Check as _admin_v1_Check, Check__Output as _admin_v1_Check__Output } from './admin/v1/Check.ts';
import type { DiagnoseRequest as _admin_v1_DiagnoseRequest, DiagnoseRequest__Output as _admin_v1_DiagnoseRequest__Output } from './admin/v1/DiagnoseRequest.ts';
import type { DiagnoseResponse as _admin_v1_DiagnoseResponse, DiagnoseResponse__Output as _admin_v1_DiagnoseResponse__Output } from './admin/v1/DiagnoseResponse.ts';
import type { TimelineEntry as _admin_v1_TimelineEntry, TimelineEntry__Output as _admin_v1_TimelineEntry__Output } from './admin/v1/TimelineEntry.ts';
import type { WhoAmIRequest as _admin_v1_WhoAmIRequest, WhoAmIRequest__Output as _admin_v1_WhoAmIRequest__Output } from './admin/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as _admin_v1_WhoAmIResponse, WhoAmIResponse__Output as _admin_v1_WhoAmIResponse__Output } from './admin/v1/WhoAmIResponse.ts';
import type { CreateOrderRequest as _order_v1_CreateOrderRequest, CreateOrderRequest__Output as _order_v1_CreateOrderRequest__Output } from './order/v1/CreateOrderRequest.ts';
import type { CreateOrderResponse as _order_v1_CreateOrderResponse, CreateOrderResponse__Output as _order_v1_CreateOrderResponse__Output } from './order/v1/CreateOrderResponse.ts';
import type { GetOrderRequest as _order_v1_GetOrderRequest, GetOrderRequest__Output as _order_v1_GetOrderRequest__Output } from './order/v1/GetOrderRequest.ts';
import type { GetTimelineRequest as _order_v1_GetTimelineRequest, GetTimelineRequest__Output as _order_v1_GetTimelineRequest__Output } from './order/v1/GetTimelineRequest.ts';
import type { Idempotency as _order_v1_Idempotency, Idempotency__Output as _order_v1_Idempotency__Output } from './order/v1/Idempotency.ts';
import type { ListOrdersRequest as _order_v1_ListOrdersRequest, ListOrdersRequest__Output as _order_v1_ListOrdersRequest__Output } from './order/v1/ListOrdersRequest.ts';
import type { ListOrdersResponse as _order_v1_ListOrdersResponse, ListOrdersResponse__Output as _order_v1_ListOrdersResponse__Output } from './order/v1/ListOrdersResponse.ts';
import type { Order as _order_v1_Order, Order__Output as _order_v1_Order__Output } from './order/v1/Order.ts';
import type { OrderAdminServiceClient as _order_v1_OrderAdminServiceClient, OrderAdminServiceDefinition as _order_v1_OrderAdminServiceDefinition } from './order/v1/OrderAdminService.ts';
import type { OrderItem as _order_v1_OrderItem, OrderItem__Output as _order_v1_OrderItem__Output } from './order/v1/OrderItem.ts';
import type { OrderLine as _order_v1_OrderLine, OrderLine__Output as _order_v1_OrderLine__Output } from './order/v1/OrderLine.ts';
import type { OrderServiceClient as _order_v1_OrderServiceClient, OrderServiceDefinition as _order_v1_OrderServiceDefinition } from './order/v1/OrderService.ts';
import type { Timeline as _order_v1_Timeline, Timeline__Output as _order_v1_Timeline__Output } from './order/v1/Timeline.ts';
import type { Viewer as _order_v1_Viewer, Viewer__Output as _order_v1_Viewer__Output } from './order/v1/Viewer.ts';

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
  order: {
    v1: {
      CreateOrderRequest: MessageTypeDefinition<_order_v1_CreateOrderRequest, _order_v1_CreateOrderRequest__Output>
      CreateOrderResponse: MessageTypeDefinition<_order_v1_CreateOrderResponse, _order_v1_CreateOrderResponse__Output>
      GetOrderRequest: MessageTypeDefinition<_order_v1_GetOrderRequest, _order_v1_GetOrderRequest__Output>
      GetTimelineRequest: MessageTypeDefinition<_order_v1_GetTimelineRequest, _order_v1_GetTimelineRequest__Output>
      Idempotency: MessageTypeDefinition<_order_v1_Idempotency, _order_v1_Idempotency__Output>
      ListOrdersRequest: MessageTypeDefinition<_order_v1_ListOrdersRequest, _order_v1_ListOrdersRequest__Output>
      ListOrdersResponse: MessageTypeDefinition<_order_v1_ListOrdersResponse, _order_v1_ListOrdersResponse__Output>
      Order: MessageTypeDefinition<_order_v1_Order, _order_v1_Order__Output>
      OrderAdminService: SubtypeConstructor<typeof grpc.Client, _order_v1_OrderAdminServiceClient> & { service: _order_v1_OrderAdminServiceDefinition }
      OrderItem: MessageTypeDefinition<_order_v1_OrderItem, _order_v1_OrderItem__Output>
      OrderLine: MessageTypeDefinition<_order_v1_OrderLine, _order_v1_OrderLine__Output>
      OrderService: SubtypeConstructor<typeof grpc.Client, _order_v1_OrderServiceClient> & { service: _order_v1_OrderServiceDefinition }
      Timeline: MessageTypeDefinition<_order_v1_Timeline, _order_v1_Timeline__Output>
      Viewer: MessageTypeDefinition<_order_v1_Viewer, _order_v1_Viewer__Output>
    }
  }
}

