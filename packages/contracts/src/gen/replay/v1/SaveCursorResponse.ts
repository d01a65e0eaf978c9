// Original file: proto/replay.proto


export interface SaveCursorResponse {
}

export interface SaveCursorResponse__Output {
}
