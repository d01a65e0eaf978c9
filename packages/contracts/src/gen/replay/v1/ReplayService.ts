// Original file: proto/replay.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { BeginRunRequest as _replay_v1_BeginRunRequest, BeginRunRequest__Output as _replay_v1_BeginRunRequest__Output } from '../../replay/v1/BeginRunRequest.ts';
import type { BeginRunResponse as _replay_v1_BeginRunResponse, BeginRunResponse__Output as _replay_v1_BeginRunResponse__Output } from '../../replay/v1/BeginRunResponse.ts';
import type { CountDocumentsRequest as _replay_v1_CountDocumentsRequest, CountDocumentsRequest__Output as _replay_v1_CountDocumentsRequest__Output } from '../../replay/v1/CountDocumentsRequest.ts';
import type { CountDocumentsResponse as _replay_v1_CountDocumentsResponse, CountDocumentsResponse__Output as _replay_v1_CountDocumentsResponse__Output } from '../../replay/v1/CountDocumentsResponse.ts';
import type { DiscardLettersRequest as _replay_v1_DiscardLettersRequest, DiscardLettersRequest__Output as _replay_v1_DiscardLettersRequest__Output } from '../../replay/v1/DiscardLettersRequest.ts';
import type { DiscardLettersResponse as _replay_v1_DiscardLettersResponse, DiscardLettersResponse__Output as _replay_v1_DiscardLettersResponse__Output } from '../../replay/v1/DiscardLettersResponse.ts';
import type { EndRunRequest as _replay_v1_EndRunRequest, EndRunRequest__Output as _replay_v1_EndRunRequest__Output } from '../../replay/v1/EndRunRequest.ts';
import type { EndRunResponse as _replay_v1_EndRunResponse, EndRunResponse__Output as _replay_v1_EndRunResponse__Output } from '../../replay/v1/EndRunResponse.ts';
import type { GetLettersRequest as _replay_v1_GetLettersRequest, GetLettersRequest__Output as _replay_v1_GetLettersRequest__Output } from '../../replay/v1/GetLettersRequest.ts';
import type { GetLettersResponse as _replay_v1_GetLettersResponse, GetLettersResponse__Output as _replay_v1_GetLettersResponse__Output } from '../../replay/v1/GetLettersResponse.ts';
import type { GetRunRequest as _replay_v1_GetRunRequest, GetRunRequest__Output as _replay_v1_GetRunRequest__Output } from '../../replay/v1/GetRunRequest.ts';
import type { GetRunResponse as _replay_v1_GetRunResponse, GetRunResponse__Output as _replay_v1_GetRunResponse__Output } from '../../replay/v1/GetRunResponse.ts';
import type { GetStatesRequest as _replay_v1_GetStatesRequest, GetStatesRequest__Output as _replay_v1_GetStatesRequest__Output } from '../../replay/v1/GetStatesRequest.ts';
import type { GetStatesResponse as _replay_v1_GetStatesResponse, GetStatesResponse__Output as _replay_v1_GetStatesResponse__Output } from '../../replay/v1/GetStatesResponse.ts';
import type { ReprojectRequest as _replay_v1_ReprojectRequest, ReprojectRequest__Output as _replay_v1_ReprojectRequest__Output } from '../../replay/v1/ReprojectRequest.ts';
import type { ReprojectResponse as _replay_v1_ReprojectResponse, ReprojectResponse__Output as _replay_v1_ReprojectResponse__Output } from '../../replay/v1/ReprojectResponse.ts';
import type { RewriteTopicRequest as _replay_v1_RewriteTopicRequest, RewriteTopicRequest__Output as _replay_v1_RewriteTopicRequest__Output } from '../../replay/v1/RewriteTopicRequest.ts';
import type { RewriteTopicResponse as _replay_v1_RewriteTopicResponse, RewriteTopicResponse__Output as _replay_v1_RewriteTopicResponse__Output } from '../../replay/v1/RewriteTopicResponse.ts';
import type { SaveCursorRequest as _replay_v1_SaveCursorRequest, SaveCursorRequest__Output as _replay_v1_SaveCursorRequest__Output } from '../../replay/v1/SaveCursorRequest.ts';
import type { SaveCursorResponse as _replay_v1_SaveCursorResponse, SaveCursorResponse__Output as _replay_v1_SaveCursorResponse__Output } from '../../replay/v1/SaveCursorResponse.ts';
import type { TakeLettersRequest as _replay_v1_TakeLettersRequest, TakeLettersRequest__Output as _replay_v1_TakeLettersRequest__Output } from '../../replay/v1/TakeLettersRequest.ts';
import type { TakeLettersResponse as _replay_v1_TakeLettersResponse, TakeLettersResponse__Output as _replay_v1_TakeLettersResponse__Output } from '../../replay/v1/TakeLettersResponse.ts';

export interface ReplayServiceClient extends grpc.Client {
  BeginRun(argument: _replay_v1_BeginRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_BeginRunResponse__Output>): grpc.ClientUnaryCall;
  BeginRun(argument: _replay_v1_BeginRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_BeginRunResponse__Output>): grpc.ClientUnaryCall;
  BeginRun(argument: _replay_v1_BeginRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_BeginRunResponse__Output>): grpc.ClientUnaryCall;
  BeginRun(argument: _replay_v1_BeginRunRequest, callback: grpc.requestCallback<_replay_v1_BeginRunResponse__Output>): grpc.ClientUnaryCall;
  beginRun(argument: _replay_v1_BeginRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_BeginRunResponse__Output>): grpc.ClientUnaryCall;
  beginRun(argument: _replay_v1_BeginRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_BeginRunResponse__Output>): grpc.ClientUnaryCall;
  beginRun(argument: _replay_v1_BeginRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_BeginRunResponse__Output>): grpc.ClientUnaryCall;
  beginRun(argument: _replay_v1_BeginRunRequest, callback: grpc.requestCallback<_replay_v1_BeginRunResponse__Output>): grpc.ClientUnaryCall;
  
  CountDocuments(argument: _replay_v1_CountDocumentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_CountDocumentsResponse__Output>): grpc.ClientUnaryCall;
  CountDocuments(argument: _replay_v1_CountDocumentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_CountDocumentsResponse__Output>): grpc.ClientUnaryCall;
  CountDocuments(argument: _replay_v1_CountDocumentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_CountDocumentsResponse__Output>): grpc.ClientUnaryCall;
  CountDocuments(argument: _replay_v1_CountDocumentsRequest, callback: grpc.requestCallback<_replay_v1_CountDocumentsResponse__Output>): grpc.ClientUnaryCall;
  countDocuments(argument: _replay_v1_CountDocumentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_CountDocumentsResponse__Output>): grpc.ClientUnaryCall;
  countDocuments(argument: _replay_v1_CountDocumentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_CountDocumentsResponse__Output>): grpc.ClientUnaryCall;
  countDocuments(argument: _replay_v1_CountDocumentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_CountDocumentsResponse__Output>): grpc.ClientUnaryCall;
  countDocuments(argument: _replay_v1_CountDocumentsRequest, callback: grpc.requestCallback<_replay_v1_CountDocumentsResponse__Output>): grpc.ClientUnaryCall;
  
  DiscardLetters(argument: _replay_v1_DiscardLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_DiscardLettersResponse__Output>): grpc.ClientUnaryCall;
  DiscardLetters(argument: _replay_v1_DiscardLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_DiscardLettersResponse__Output>): grpc.ClientUnaryCall;
  DiscardLetters(argument: _replay_v1_DiscardLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_DiscardLettersResponse__Output>): grpc.ClientUnaryCall;
  DiscardLetters(argument: _replay_v1_DiscardLettersRequest, callback: grpc.requestCallback<_replay_v1_DiscardLettersResponse__Output>): grpc.ClientUnaryCall;
  discardLetters(argument: _replay_v1_DiscardLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_DiscardLettersResponse__Output>): grpc.ClientUnaryCall;
  discardLetters(argument: _replay_v1_DiscardLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_DiscardLettersResponse__Output>): grpc.ClientUnaryCall;
  discardLetters(argument: _replay_v1_DiscardLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_DiscardLettersResponse__Output>): grpc.ClientUnaryCall;
  discardLetters(argument: _replay_v1_DiscardLettersRequest, callback: grpc.requestCallback<_replay_v1_DiscardLettersResponse__Output>): grpc.ClientUnaryCall;
  
  EndRun(argument: _replay_v1_EndRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_EndRunResponse__Output>): grpc.ClientUnaryCall;
  EndRun(argument: _replay_v1_EndRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_EndRunResponse__Output>): grpc.ClientUnaryCall;
  EndRun(argument: _replay_v1_EndRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_EndRunResponse__Output>): grpc.ClientUnaryCall;
  EndRun(argument: _replay_v1_EndRunRequest, callback: grpc.requestCallback<_replay_v1_EndRunResponse__Output>): grpc.ClientUnaryCall;
  endRun(argument: _replay_v1_EndRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_EndRunResponse__Output>): grpc.ClientUnaryCall;
  endRun(argument: _replay_v1_EndRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_EndRunResponse__Output>): grpc.ClientUnaryCall;
  endRun(argument: _replay_v1_EndRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_EndRunResponse__Output>): grpc.ClientUnaryCall;
  endRun(argument: _replay_v1_EndRunRequest, callback: grpc.requestCallback<_replay_v1_EndRunResponse__Output>): grpc.ClientUnaryCall;
  
  GetLetters(argument: _replay_v1_GetLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_GetLettersResponse__Output>): grpc.ClientUnaryCall;
  GetLetters(argument: _replay_v1_GetLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_GetLettersResponse__Output>): grpc.ClientUnaryCall;
  GetLetters(argument: _replay_v1_GetLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_GetLettersResponse__Output>): grpc.ClientUnaryCall;
  GetLetters(argument: _replay_v1_GetLettersRequest, callback: grpc.requestCallback<_replay_v1_GetLettersResponse__Output>): grpc.ClientUnaryCall;
  getLetters(argument: _replay_v1_GetLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_GetLettersResponse__Output>): grpc.ClientUnaryCall;
  getLetters(argument: _replay_v1_GetLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_GetLettersResponse__Output>): grpc.ClientUnaryCall;
  getLetters(argument: _replay_v1_GetLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_GetLettersResponse__Output>): grpc.ClientUnaryCall;
  getLetters(argument: _replay_v1_GetLettersRequest, callback: grpc.requestCallback<_replay_v1_GetLettersResponse__Output>): grpc.ClientUnaryCall;
  
  GetRun(argument: _replay_v1_GetRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  GetRun(argument: _replay_v1_GetRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  GetRun(argument: _replay_v1_GetRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  GetRun(argument: _replay_v1_GetRunRequest, callback: grpc.requestCallback<_replay_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  getRun(argument: _replay_v1_GetRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  getRun(argument: _replay_v1_GetRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  getRun(argument: _replay_v1_GetRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  getRun(argument: _replay_v1_GetRunRequest, callback: grpc.requestCallback<_replay_v1_GetRunResponse__Output>): grpc.ClientUnaryCall;
  
  GetStates(argument: _replay_v1_GetStatesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_GetStatesResponse__Output>): grpc.ClientUnaryCall;
  GetStates(argument: _replay_v1_GetStatesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_GetStatesResponse__Output>): grpc.ClientUnaryCall;
  GetStates(argument: _replay_v1_GetStatesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_GetStatesResponse__Output>): grpc.ClientUnaryCall;
  GetStates(argument: _replay_v1_GetStatesRequest, callback: grpc.requestCallback<_replay_v1_GetStatesResponse__Output>): grpc.ClientUnaryCall;
  getStates(argument: _replay_v1_GetStatesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_GetStatesResponse__Output>): grpc.ClientUnaryCall;
  getStates(argument: _replay_v1_GetStatesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_GetStatesResponse__Output>): grpc.ClientUnaryCall;
  getStates(argument: _replay_v1_GetStatesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_GetStatesResponse__Output>): grpc.ClientUnaryCall;
  getStates(argument: _replay_v1_GetStatesRequest, callback: grpc.requestCallback<_replay_v1_GetStatesResponse__Output>): grpc.ClientUnaryCall;
  
  Reproject(argument: _replay_v1_ReprojectRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_ReprojectResponse__Output>): grpc.ClientUnaryCall;
  Reproject(argument: _replay_v1_ReprojectRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_ReprojectResponse__Output>): grpc.ClientUnaryCall;
  Reproject(argument: _replay_v1_ReprojectRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_ReprojectResponse__Output>): grpc.ClientUnaryCall;
  Reproject(argument: _replay_v1_ReprojectRequest, callback: grpc.requestCallback<_replay_v1_ReprojectResponse__Output>): grpc.ClientUnaryCall;
  reproject(argument: _replay_v1_ReprojectRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_ReprojectResponse__Output>): grpc.ClientUnaryCall;
  reproject(argument: _replay_v1_ReprojectRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_ReprojectResponse__Output>): grpc.ClientUnaryCall;
  reproject(argument: _replay_v1_ReprojectRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_ReprojectResponse__Output>): grpc.ClientUnaryCall;
  reproject(argument: _replay_v1_ReprojectRequest, callback: grpc.requestCallback<_replay_v1_ReprojectResponse__Output>): grpc.ClientUnaryCall;
  
  RewriteTopic(argument: _replay_v1_RewriteTopicRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_RewriteTopicResponse__Output>): grpc.ClientUnaryCall;
  RewriteTopic(argument: _replay_v1_RewriteTopicRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_RewriteTopicResponse__Output>): grpc.ClientUnaryCall;
  RewriteTopic(argument: _replay_v1_RewriteTopicRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_RewriteTopicResponse__Output>): grpc.ClientUnaryCall;
  RewriteTopic(argument: _replay_v1_RewriteTopicRequest, callback: grpc.requestCallback<_replay_v1_RewriteTopicResponse__Output>): grpc.ClientUnaryCall;
  rewriteTopic(argument: _replay_v1_RewriteTopicRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_RewriteTopicResponse__Output>): grpc.ClientUnaryCall;
  rewriteTopic(argument: _replay_v1_RewriteTopicRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_RewriteTopicResponse__Output>): grpc.ClientUnaryCall;
  rewriteTopic(argument: _replay_v1_RewriteTopicRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_RewriteTopicResponse__Output>): grpc.ClientUnaryCall;
  rewriteTopic(argument: _replay_v1_RewriteTopicRequest, callback: grpc.requestCallback<_replay_v1_RewriteTopicResponse__Output>): grpc.ClientUnaryCall;
  
  SaveCursor(argument: _replay_v1_SaveCursorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_SaveCursorResponse__Output>): grpc.ClientUnaryCall;
  SaveCursor(argument: _replay_v1_SaveCursorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_SaveCursorResponse__Output>): grpc.ClientUnaryCall;
  SaveCursor(argument: _replay_v1_SaveCursorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_SaveCursorResponse__Output>): grpc.ClientUnaryCall;
  SaveCursor(argument: _replay_v1_SaveCursorRequest, callback: grpc.requestCallback<_replay_v1_SaveCursorResponse__Output>): grpc.ClientUnaryCall;
  saveCursor(argument: _replay_v1_SaveCursorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_SaveCursorResponse__Output>): grpc.ClientUnaryCall;
  saveCursor(argument: _replay_v1_SaveCursorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_SaveCursorResponse__Output>): grpc.ClientUnaryCall;
  saveCursor(argument: _replay_v1_SaveCursorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_SaveCursorResponse__Output>): grpc.ClientUnaryCall;
  saveCursor(argument: _replay_v1_SaveCursorRequest, callback: grpc.requestCallback<_replay_v1_SaveCursorResponse__Output>): grpc.ClientUnaryCall;
  
  TakeLetters(argument: _replay_v1_TakeLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_TakeLettersResponse__Output>): grpc.ClientUnaryCall;
  TakeLetters(argument: _replay_v1_TakeLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_TakeLettersResponse__Output>): grpc.ClientUnaryCall;
  TakeLetters(argument: _replay_v1_TakeLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_TakeLettersResponse__Output>): grpc.ClientUnaryCall;
  TakeLetters(argument: _replay_v1_TakeLettersRequest, callback: grpc.requestCallback<_replay_v1_TakeLettersResponse__Output>): grpc.ClientUnaryCall;
  takeLetters(argument: _replay_v1_TakeLettersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_TakeLettersResponse__Output>): grpc.ClientUnaryCall;
  takeLetters(argument: _replay_v1_TakeLettersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_replay_v1_TakeLettersResponse__Output>): grpc.ClientUnaryCall;
  takeLetters(argument: _replay_v1_TakeLettersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_replay_v1_TakeLettersResponse__Output>): grpc.ClientUnaryCall;
  takeLetters(argument: _replay_v1_TakeLettersRequest, callback: grpc.requestCallback<_replay_v1_TakeLettersResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface ReplayServiceHandlers extends grpc.UntypedServiceImplementation {
  BeginRun: grpc.handleUnaryCall<_replay_v1_BeginRunRequest__Output, _replay_v1_BeginRunResponse>;
  
  CountDocuments: grpc.handleUnaryCall<_replay_v1_CountDocumentsRequest__Output, _replay_v1_CountDocumentsResponse>;
  
  DiscardLetters: grpc.handleUnaryCall<_replay_v1_DiscardLettersRequest__Output, _replay_v1_DiscardLettersResponse>;
  
  EndRun: grpc.handleUnaryCall<_replay_v1_EndRunRequest__Output, _replay_v1_EndRunResponse>;
  
  GetLetters: grpc.handleUnaryCall<_replay_v1_GetLettersRequest__Output, _replay_v1_GetLettersResponse>;
  
  GetRun: grpc.handleUnaryCall<_replay_v1_GetRunRequest__Output, _replay_v1_GetRunResponse>;
  
  GetStates: grpc.handleUnaryCall<_replay_v1_GetStatesRequest__Output, _replay_v1_GetStatesResponse>;
  
  Reproject: grpc.handleUnaryCall<_replay_v1_ReprojectRequest__Output, _replay_v1_ReprojectResponse>;
  
  RewriteTopic: grpc.handleUnaryCall<_replay_v1_RewriteTopicRequest__Output, _replay_v1_RewriteTopicResponse>;
  
  SaveCursor: grpc.handleUnaryCall<_replay_v1_SaveCursorRequest__Output, _replay_v1_SaveCursorResponse>;
  
  TakeLetters: grpc.handleUnaryCall<_replay_v1_TakeLettersRequest__Output, _replay_v1_TakeLettersResponse>;
  
}

export interface ReplayServiceDefinition extends grpc.ServiceDefinition {
  BeginRun: MethodDefinition<_replay_v1_BeginRunRequest, _replay_v1_BeginRunResponse, _replay_v1_BeginRunRequest__Output, _replay_v1_BeginRunResponse__Output>
  CountDocuments: MethodDefinition<_replay_v1_CountDocumentsRequest, _replay_v1_CountDocumentsResponse, _replay_v1_CountDocumentsRequest__Output, _replay_v1_CountDocumentsResponse__Output>
  DiscardLetters: MethodDefinition<_replay_v1_DiscardLettersRequest, _replay_v1_DiscardLettersResponse, _replay_v1_DiscardLettersRequest__Output, _replay_v1_DiscardLettersResponse__Output>
  EndRun: MethodDefinition<_replay_v1_EndRunRequest, _replay_v1_EndRunResponse, _replay_v1_EndRunRequest__Output, _replay_v1_EndRunResponse__Output>
  GetLetters: MethodDefinition<_replay_v1_GetLettersRequest, _replay_v1_GetLettersResponse, _replay_v1_GetLettersRequest__Output, _replay_v1_GetLettersResponse__Output>
  GetRun: MethodDefinition<_replay_v1_GetRunRequest, _replay_v1_GetRunResponse, _replay_v1_GetRunRequest__Output, _replay_v1_GetRunResponse__Output>
  GetStates: MethodDefinition<_replay_v1_GetStatesRequest, _replay_v1_GetStatesResponse, _replay_v1_GetStatesRequest__Output, _replay_v1_GetStatesResponse__Output>
  Reproject: MethodDefinition<_replay_v1_ReprojectRequest, _replay_v1_ReprojectResponse, _replay_v1_ReprojectRequest__Output, _replay_v1_ReprojectResponse__Output>
  RewriteTopic: MethodDefinition<_replay_v1_RewriteTopicRequest, _replay_v1_RewriteTopicResponse, _replay_v1_RewriteTopicRequest__Output, _replay_v1_RewriteTopicResponse__Output>
  SaveCursor: MethodDefinition<_replay_v1_SaveCursorRequest, _replay_v1_SaveCursorResponse, _replay_v1_SaveCursorRequest__Output, _replay_v1_SaveCursorResponse__Output>
  TakeLetters: MethodDefinition<_replay_v1_TakeLettersRequest, _replay_v1_TakeLettersResponse, _replay_v1_TakeLettersRequest__Output, _replay_v1_TakeLettersResponse__Output>
}
