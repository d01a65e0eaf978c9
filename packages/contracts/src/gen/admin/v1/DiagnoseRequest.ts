// Original file: proto/admin.proto


export interface DiagnoseRequest {
}

export interface DiagnoseRequest__Output {
}
