import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { BeginRunRequest as _replay_v1_BeginRunRequest, BeginRunRequest__Output as _replay_v1_BeginRunRequest__Output } from './replay/v1/BeginRunRequest.ts';
import type { BeginRunResponse as _replay_v1_BeginRunResponse, BeginRunResponse__Output as _replay_v1_BeginRunResponse__Output } from './replay/v1/BeginRunResponse.ts';
import type { CountDocumentsRequest as _replay_v1_CountDocumentsRequest, CountDocumentsRequest__Output as _replay_v1_CountDocumentsRequest__Output } from './replay/v1/CountDocumentsRequest.ts';
import type { CountDocumentsResponse as _replay_v1_CountDocumentsResponse, CountDocumentsResponse__Output as _replay_v1_CountDocumentsResponse__Output } from './replay/v1/CountDocumentsResponse.ts';
import type { DiscardLettersRequest as _replay_v1_DiscardLettersRequest, DiscardLettersRequest__Output as _replay_v1_DiscardLettersRequest__Output } from './replay/v1/DiscardLettersRequest.ts';
import type { DiscardLettersResponse as _replay_v1_DiscardLettersResponse, DiscardLettersResponse__Output as _replay_v1_DiscardLettersResponse__Output } from './replay/v1/DiscardLettersResponse.ts';
import type { EndRunRequest as _replay_v1_EndRunRequest, EndRunRequest__Output as _replay_v1_EndRunRequest__Output } from './replay/v1/EndRunRequest.ts';
import type { EndRunResponse as _replay_v1_EndRunResponse, EndRunResponse__Output as _replay_v1_EndRunResponse__Output } from './replay/v1/EndRunResponse.ts';
import type { GetLettersRequest as _replay_v1_GetLettersRequest, GetLettersRequest__Output as _replay_v1_GetLettersRequest__Output } from './replay/v1/GetLettersRequest.ts';
import type { GetLettersResponse as _replay_v1_GetLettersResponse, GetLettersResponse__Output as _replay_v1_GetLettersResponse__Output } from './replay/v1/GetLettersResponse.ts';
import type { GetRunRequest as _replay_v1_GetRunRequest, GetRunRequest__Output as _replay_v1_GetRunRequest__Output } from './replay/v1/GetRunRequest.ts';
import type { GetRunResponse as _replay_v1_GetRunResponse, GetRunResponse__Output as _replay_v1_GetRunResponse__Output } from './replay/v1/GetRunResponse.ts';
import type { GetStatesRequest as _replay_v1_GetStatesRequest, GetStatesRequest__Output as _replay_v1_GetStatesRequest__Output } from './replay/v1/GetStatesRequest.ts';
import type { GetStatesResponse as _replay_v1_GetStatesResponse, GetStatesResponse__Output as _replay_v1_GetStatesResponse__Output } from './replay/v1/GetStatesResponse.ts';
import type { Letter as _replay_v1_Letter, Letter__Output as _replay_v1_Letter__Output } from './replay/v1/Letter.ts';
import type { LetterRecord as _replay_v1_LetterRecord, LetterRecord__Output as _replay_v1_LetterRecord__Output } from './replay/v1/LetterRecord.ts';
import type { ReplayServiceClient as _replay_v1_ReplayServiceClient, ReplayServiceDefinition as _replay_v1_ReplayServiceDefinition } from './replay/v1/ReplayService.ts';
import type { ReprojectRequest as _replay_v1_ReprojectRequest, ReprojectRequest__Output as _replay_v1_ReprojectRequest__Output } from './replay/v1/ReprojectRequest.ts';
import type { ReprojectResponse as _replay_v1_ReprojectResponse, ReprojectResponse__Output as _replay_v1_ReprojectResponse__Output } from './replay/v1/ReprojectResponse.ts';
import type { RewriteTopicRequest as _replay_v1_RewriteTopicRequest, RewriteTopicRequest__Output as _replay_v1_RewriteTopicRequest__Output } from './replay/v1/RewriteTopicRequest.ts';
import type { RewriteTopicResponse as _replay_v1_RewriteTopicResponse, RewriteTopicResponse__Output as _replay_v1_RewriteTopicResponse__Output } from './replay/v1/RewriteTopicResponse.ts';
import type { SaveCursorRequest as _replay_v1_SaveCursorRequest, SaveCursorRequest__Output as _replay_v1_SaveCursorRequest__Output } from './replay/v1/SaveCursorRequest.ts';
import type { SaveCursorResponse as _replay_v1_SaveCursorResponse, SaveCursorResponse__Output as _replay_v1_SaveCursorResponse__Output } from './replay/v1/SaveCursorResponse.ts';
import type { State as _replay_v1_State, State__Output as _replay_v1_State__Output } from './replay/v1/State.ts';
import type { TakeLettersRequest as _replay_v1_TakeLettersRequest, TakeLettersRequest__Output as _replay_v1_TakeLettersRequest__Output } from './replay/v1/TakeLettersRequest.ts';
import type { TakeLettersResponse as _replay_v1_TakeLettersResponse, TakeLettersResponse__Output as _replay_v1_TakeLettersResponse__Output } from './replay/v1/TakeLettersResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  replay: {
    v1: {
      BeginRunRequest: MessageTypeDefinition<_replay_v1_BeginRunRequest, _replay_v1_BeginRunRequest__Output>
      BeginRunResponse: MessageTypeDefinition<_replay_v1_BeginRunResponse, _replay_v1_BeginRunResponse__Output>
      CountDocumentsRequest: MessageTypeDefinition<_replay_v1_CountDocumentsRequest, _replay_v1_CountDocumentsRequest__Output>
      CountDocumentsResponse: MessageTypeDefinition<_replay_v1_CountDocumentsResponse, _replay_v1_CountDocumentsResponse__Output>
      DiscardLettersRequest: MessageTypeDefinition<_replay_v1_DiscardLettersRequest, _replay_v1_DiscardLettersRequest__Output>
      DiscardLettersResponse: MessageTypeDefinition<_replay_v1_DiscardLettersResponse, _replay_v1_DiscardLettersResponse__Output>
      EndRunRequest: MessageTypeDefinition<_replay_v1_EndRunRequest, _replay_v1_EndRunRequest__Output>
      EndRunResponse: MessageTypeDefinition<_replay_v1_EndRunResponse, _replay_v1_EndRunResponse__Output>
      GetLettersRequest: MessageTypeDefinition<_replay_v1_GetLettersRequest, _replay_v1_GetLettersRequest__Output>
      GetLettersResponse: MessageTypeDefinition<_replay_v1_GetLettersResponse, _replay_v1_GetLettersResponse__Output>
      GetRunRequest: MessageTypeDefinition<_replay_v1_GetRunRequest, _replay_v1_GetRunRequest__Output>
      GetRunResponse: MessageTypeDefinition<_replay_v1_GetRunResponse, _replay_v1_GetRunResponse__Output>
      GetStatesRequest: MessageTypeDefinition<_replay_v1_GetStatesRequest, _replay_v1_GetStatesRequest__Output>
      GetStatesResponse: MessageTypeDefinition<_replay_v1_GetStatesResponse, _replay_v1_GetStatesResponse__Output>
      Letter: MessageTypeDefinition<_replay_v1_Letter, _replay_v1_Letter__Output>
      LetterRecord: MessageTypeDefinition<_replay_v1_LetterRecord, _replay_v1_LetterRecord__Output>
      ReplayService: SubtypeConstructor<typeof grpc.Client, _replay_v1_ReplayServiceClient> & { service: _replay_v1_ReplayServiceDefinition }
      ReprojectRequest: MessageTypeDefinition<_replay_v1_ReprojectRequest, _replay_v1_ReprojectRequest__Output>
      ReprojectResponse: MessageTypeDefinition<_replay_v1_ReprojectResponse, _replay_v1_ReprojectResponse__Output>
      RewriteTopicRequest: MessageTypeDefinition<_replay_v1_RewriteTopicRequest, _replay_v1_RewriteTopicRequest__Output>
      RewriteTopicResponse: MessageTypeDefinition<_replay_v1_RewriteTopicResponse, _replay_v1_RewriteTopicResponse__Output>
      SaveCursorRequest: MessageTypeDefinition<_replay_v1_SaveCursorRequest, _replay_v1_SaveCursorRequest__Output>
      SaveCursorResponse: MessageTypeDefinition<_replay_v1_SaveCursorResponse, _replay_v1_SaveCursorResponse__Output>
      State: MessageTypeDefinition<_replay_v1_State, _replay_v1_State__Output>
      TakeLettersRequest: MessageTypeDefinition<_replay_v1_TakeLettersRequest, _replay_v1_TakeLettersRequest__Output>
      TakeLettersResponse: MessageTypeDefinition<_replay_v1_TakeLettersResponse, _replay_v1_TakeLettersResponse__Output>
    }
  }
}

