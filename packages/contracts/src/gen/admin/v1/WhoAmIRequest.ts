// Original file: proto/admin.proto


export interface WhoAmIRequest {
}

export interface WhoAmIRequest__Output {
}
