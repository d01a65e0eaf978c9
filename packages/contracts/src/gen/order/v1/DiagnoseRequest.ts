// Original file: proto/order.proto


export interface DiagnoseRequest {
}

export interface DiagnoseRequest__Output {
}
