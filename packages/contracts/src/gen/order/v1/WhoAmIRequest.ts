// Original file: proto/order.proto


export interface WhoAmIRequest {
}

export interface WhoAmIRequest__Output {
}
