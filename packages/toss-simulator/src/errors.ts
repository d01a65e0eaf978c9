/**
 * Toss's error codes with the HTTP status that the API answers them with. The status says nothing about whether
 * a repeat makes sense; that is so at Toss too.
 */
const codesByStatus: Record<number, string> = {
  400: `ALREADY_PROCESSED_PAYMENT PROVIDER_ERROR CARD_PROCESSING_ERROR NOT_AVAILABLE_PAYMENT MAINTAINED_METHOD
    INVALID_REJECT_CARD INVALID_STOPPED_CARD INVALID_CARD_EXPIRATION INVALID_CARD_NUMBER INVALID_CARD_LOST_OR_STOLEN
    RESTRICTED_TRANSFER_ACCOUNT INVALID_ACCOUNT_INFO_RE_REGISTER NOT_ALLOWED_POINT_USE
    EXCEED_MAX_CARD_INSTALLMENT_PLAN INVALID_CARD_INSTALLMENT_PLAN
    NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN
    NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT BELOW_MINIMUM_AMOUNT EXCEED_MAX_AMOUNT
    EXCEED_MAX_DAILY_PAYMENT_COUNT EXCEED_MAX_PAYMENT_AMOUNT EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT
    EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT UNAPPROVED_ORDER_ID INVALID_REQUEST
    INVALID_API_KEY INVALID_AUTHORIZE_AUTH NOT_FOUND_TERMINAL_ID INVALID_UNREGISTERED_SUBMALL
    NOT_REGISTERED_BUSINESS INVALID_IDEMPOTENCY_KEY INVALID_TEST_CODE ALREADY_CANCELED_PAYMENT
    ALREADY_REFUND_PAYMENT NOT_MATCHES_REFUNDABLE_AMOUNT REFUND_REJECTED EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT
    INVALID_REFUND_ACCOUNT_INFO INVALID_REFUND_ACCOUNT_NUMBER INVALID_BANK FORBIDDEN_BANK_REFUND_REQUEST
    INVALID_REFUND_AMOUNT DUPLICATED_ORDER_ID ALREADY_REMOVED_BILLING_KEY NOT_MATCHES_CUSTOMER_KEY
    INVALID_BILL_KEY_REQUEST`,
  401: 'UNAUTHORIZED_KEY',
  403: `INCORRECT_BASIC_AUTH_FORMAT FORBIDDEN_REQUEST FORBIDDEN_CONSECUTIVE_REQUEST NOT_AVAILABLE_BANK
    REJECT_CARD_PAYMENT REJECT_ACCOUNT_PAYMENT REJECT_CARD_COMPANY REJECT_TOSSPAY_INVALID_ACCOUNT
    EXCEED_MAX_AUTH_COUNT EXCEED_MAX_ONE_DAY_AMOUNT INVALID_PASSWORD FDS_ERROR NOT_CANCELABLE_AMOUNT
    NOT_CANCELABLE_PAYMENT NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER EXCEED_MAX_REFUND_DUE EXCEED_CANCEL_LIMIT
    NOT_ALLOWED_PARTIAL_REFUND NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT`,
  404: 'NOT_FOUND_PAYMENT_SESSION NOT_FOUND_PAYMENT NOT_FOUND NOT_FOUND_BILLING',
  409: 'IDEMPOTENT_REQUEST_PROCESSING',
  // Toss documents no code for a 429.
  429: 'TOO_MANY_REQUESTS',
  500: `FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING FAILED_INTERNAL_SYSTEM_PROCESSING UNKNOWN_PAYMENT_ERROR
    COMMON_ERROR UNKNOWN_ERROR FAILED_METHOD_HANDLING FAILED_REFUND_PROCESS FAILED_METHOD_HANDLING_CANCEL
    FAILED_PARTIAL_REFUND FAILED_DB_PROCESSING`,
}

const statuses = new Map(
  Object.entries(codesByStatus).flatMap(([status, codes]) =>
    codes.split(/\s+/).map((code): [string, number] => [code, Number(status)]),
  ),
)

const messages: Record<string, string> = {
  ALREADY_PROCESSED_PAYMENT: '이미 처리된 결제 입니다.',
  ALREADY_REMOVED_BILLING_KEY: '이미 삭제된 빌링키 입니다.',
  DUPLICATED_ORDER_ID: '이미 승인 및 취소가 진행된 중복된 주문번호 입니다.',
  INVALID_BILL_KEY_REQUEST: '빌링키 인증이 완료되지 않았거나 유효하지 않은 빌링 거래 건입니다.',
  NOT_FOUND_BILLING: '존재하지 않는 빌링 결제 인증 정보 입니다.',
  NOT_MATCHES_CUSTOMER_KEY: '빌링 인증 고객키와 결제 요청 고객키가 일치하지 않습니다.',
  ALREADY_CANCELED_PAYMENT: '이미 취소된 결제 입니다.',
  BELOW_MINIMUM_AMOUNT: '신용카드는 결제금액이 100원 이상, 계좌는 200원이상부터 결제가 가능합니다.',
  EXCEED_MAX_AMOUNT: '거래금액 한도를 초과했습니다.',
  NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT: '5만원 이하의 결제는 할부가 불가능해서 결제에 실패했습니다.',
  EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT: '즉시할인금액보다 적은 금액은 부분취소가 불가능합니다.',
  COMMON_ERROR: '일시적인 오류가 발생했습니다. 잠시 후 다시 시도해주세요.',
  EXPIRED_PAYMENT: '결제 유효기간이 만료되었습니다.',
  IDEMPOTENT_REQUEST_PROCESSING: '이전 멱등 요청이 처리중입니다.',
  INCORRECT_BASIC_AUTH_FORMAT: '잘못된 요청입니다. 시크릿 키 뒤에 콜론(:)이 있는지 확인해주세요.',
  INVALID_IDEMPOTENCY_KEY: '멱등키는 300자 이하여야 합니다.',
  INVALID_REFUND_ACCOUNT_INFO: '환불 계좌번호와 예금주명이 일치하지 않습니다.',
  INVALID_REQUEST: '잘못된 요청입니다.',
  INVALID_TEST_CODE: '존재하지 않는 테스트 코드 입니다.',
  NOT_ALLOWED_PARTIAL_REFUND: '에스크로 주문, 현금 카드 결제 등의 이유로 부분 환불이 불가합니다.',
  NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT: '입금 대기중인 결제는 부분 환불이 불가합니다.',
  NOT_CANCELABLE_AMOUNT: '취소 할 수 없는 금액 입니다.',
  NOT_CANCELABLE_PAYMENT: '취소 할 수 없는 결제 입니다.',
  NOT_FOUND: '존재하지 않는 정보 입니다.',
  NOT_FOUND_PAYMENT: '존재하지 않는 결제 정보 입니다.',
  NOT_FOUND_PAYMENT_SESSION: '결제 시간이 만료되어 결제 진행 데이터가 존재하지 않습니다.',
  NOT_MATCHES_REFUNDABLE_AMOUNT: '취소 가능한 잔액이 요청한 잔액과 일치하지 않습니다.',
  PAY_PROCESS_ABORTED: '결제가 취소되었거나 진행되지 않았습니다.',
  PAY_PROCESS_CANCELED: '사용자에 의해 결제가 취소되었습니다.',
  PROVIDER_ERROR: '일시적인 오류가 발생했습니다. 잠시 후 다시 시도해주세요.',
  REJECT_CARD_PAYMENT: '한도초과 혹은 잔액부족으로 결제에 실패했습니다.',
  TOO_MANY_REQUESTS: '요청이 너무 많습니다. 잠시 후 다시 시도해주세요.',
  UNAUTHORIZED_KEY: '인증되지 않은 시크릿 키 혹은 클라이언트 키 입니다.',
}

export function isKnownCode(code: string): boolean {
  return statuses.has(code)
}

/** Toss adds codes without notice, so a code that is not in the table is allowed and answered as a 400. */
export function statusOf(code: string): number {
  return statuses.get(code) ?? 400
}

export function messageOf(code: string): string {
  return messages[code] ?? '결제를 처리하지 못했습니다.'
}

/** A refusal, answered as `{code, message}` with the code's HTTP status. */
export class TossError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message = messageOf(code)) {
    super(message)
    this.name = 'TossError'
    this.code = code
    this.status = statusOf(code)
  }
}
