// Original file: proto/payment.proto


export interface FailPaymentResponse {
}

export interface FailPaymentResponse__Output {
}
