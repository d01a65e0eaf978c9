// Original file: proto/payment.proto


export interface DiagnoseRequest {
}

export interface DiagnoseRequest__Output {
}
