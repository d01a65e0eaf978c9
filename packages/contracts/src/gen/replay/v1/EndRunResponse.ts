// Original file: proto/replay.proto


export interface EndRunResponse {
}

export interface EndRunResponse__Output {
}
