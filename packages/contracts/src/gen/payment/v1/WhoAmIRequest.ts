// Original file: proto/payment.proto


export interface WhoAmIRequest {
}

export interface WhoAmIRequest__Output {
}
