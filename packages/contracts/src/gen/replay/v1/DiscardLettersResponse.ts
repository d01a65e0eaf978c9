// Original file: proto/replay.proto


export interface DiscardLettersResponse {
}

export interface DiscardLettersResponse__Output {
}
