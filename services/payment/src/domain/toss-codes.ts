/**
 * What an error answer of Toss means for us.
 * - `final`: refused for this attempt or refund
 * - `temporary`: not now; look, then again under the next key
 * - `ask`: says nothing certain, also every code that is not known; look before anything else
 * - `echo`: may be the echo of our own success; look
 * - `same-key`: our own call is still running at Toss; again under the same key
 * - `mismatch`: Toss's compare-and-set on the balance said no, so nothing happened; look, then again under the next key
 * - `configuration`: our keys are wrong; nobody's payment can succeed until that is repaired
 */
export type TossCodeClass = 'final' | 'temporary' | 'ask' | 'echo' | 'same-key' | 'mismatch' | 'configuration'

type Operation = 'confirm' | 'cancel'
type Row = TossCodeClass | Partial<Record<Operation, TossCodeClass>>

const rows = (meaning: Row, codes: string): [string, Row][] => codes.split(/\s+/).map((code) => [code, meaning])

/** Toss: error codes of the v1 payment API. Classes follow from the messages; Toss documents no column for this. */
const table: ReadonlyMap<string, Row> = new Map([
  ...rows('configuration', 'UNAUTHORIZED_KEY INCORRECT_BASIC_AUTH_FORMAT FORBIDDEN_REQUEST INVALID_API_KEY'),
  ...rows('same-key', 'IDEMPOTENT_REQUEST_PROCESSING'),
  ...rows(
    'temporary',
    'PROVIDER_ERROR FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING FAILED_INTERNAL_SYSTEM_PROCESSING UNKNOWN_PAYMENT_ERROR COMMON_ERROR UNKNOWN_ERROR FAILED_METHOD_HANDLING FAILED_REFUND_PROCESS FAILED_METHOD_HANDLING_CANCEL FAILED_PARTIAL_REFUND FORBIDDEN_CONSECUTIVE_REQUEST',
  ),
  ...rows({ confirm: 'final', cancel: 'temporary' }, 'NOT_AVAILABLE_BANK'),
  ...rows({ confirm: 'echo' }, 'ALREADY_PROCESSED_PAYMENT'),
  ...rows({ cancel: 'echo' }, 'ALREADY_CANCELED_PAYMENT ALREADY_REFUND_PAYMENT NOT_CANCELABLE_AMOUNT'),
  ...rows({ cancel: 'mismatch' }, 'NOT_MATCHES_REFUNDABLE_AMOUNT'),
  ...rows(
    { confirm: 'final' },
    'NOT_FOUND_PAYMENT_SESSION NOT_FOUND_PAYMENT NOT_FOUND NOT_AVAILABLE_PAYMENT MAINTAINED_METHOD DUPLICATED_ORDER_ID REJECT_CARD_PAYMENT REJECT_ACCOUNT_PAYMENT REJECT_CARD_COMPANY REJECT_TOSSPAY_INVALID_ACCOUNT EXCEED_MAX_AUTH_COUNT EXCEED_MAX_ONE_DAY_AMOUNT INVALID_PASSWORD FDS_ERROR INVALID_REJECT_CARD INVALID_STOPPED_CARD INVALID_CARD_EXPIRATION INVALID_CARD_NUMBER INVALID_CARD_LOST_OR_STOLEN RESTRICTED_TRANSFER_ACCOUNT INVALID_ACCOUNT_INFO_RE_REGISTER NOT_ALLOWED_POINT_USE EXCEED_MAX_CARD_INSTALLMENT_PLAN INVALID_CARD_INSTALLMENT_PLAN NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN BELOW_MINIMUM_AMOUNT EXCEED_MAX_AMOUNT EXCEED_MAX_DAILY_PAYMENT_COUNT EXCEED_MAX_PAYMENT_AMOUNT EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT INVALID_AUTHORIZE_AUTH NOT_FOUND_TERMINAL_ID INVALID_UNREGISTERED_SUBMALL NOT_REGISTERED_BUSINESS',
  ),
  ...rows('final', 'INVALID_REQUEST INVALID_IDEMPOTENCY_KEY INVALID_TEST_CODE'),
  ...rows(
    { cancel: 'final' },
    'NOT_CANCELABLE_PAYMENT NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER EXCEED_MAX_REFUND_DUE EXCEED_CANCEL_LIMIT NOT_ALLOWED_PARTIAL_REFUND NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT REFUND_REJECTED EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT INVALID_REFUND_ACCOUNT_INFO INVALID_REFUND_ACCOUNT_NUMBER INVALID_BANK FORBIDDEN_BANK_REFUND_REQUEST',
  ),
])

/** The class of an error answer. Total: a code that is not known, or not for this operation, is never taken for a refusal. */
export const classifyTossCode = (operation: Operation, httpStatus: number, code: string): TossCodeClass => {
  const row = table.get(code)
  const known = typeof row === 'string' ? row : row?.[operation]
  // A 5xx or 429 is temporary whatever it says; a code that is final elsewhere must not end a payment through a proxy's 502.
  if (known === undefined || (known === 'final' && (httpStatus >= 500 || httpStatus === 429))) {
    return httpStatus >= 500 || httpStatus === 429 ? 'temporary' : 'ask'
  }
  return known
}

const statuses: ReadonlyMap<string, number> = new Map([
  ...'REJECT_CARD_PAYMENT REJECT_ACCOUNT_PAYMENT REJECT_CARD_COMPANY REJECT_TOSSPAY_INVALID_ACCOUNT EXCEED_MAX_AUTH_COUNT EXCEED_MAX_ONE_DAY_AMOUNT INVALID_PASSWORD FDS_ERROR NOT_AVAILABLE_BANK'
    .split(' ')
    .map((code) => [code, 403] as const),
  ...'NOT_FOUND_PAYMENT_SESSION NOT_FOUND_PAYMENT NOT_FOUND'.split(' ').map((code) => [code, 404] as const),
])

/**
 * The HTTP status with which Toss refuses a confirm for this reason: whoever learns it from the payment itself, because the answer
 * was lost, tells the client what the answer would have told.
 */
export const statusOfConfirmRefusal = (code: string): number => statuses.get(code) ?? 400

/** Whether the table has it: whoever answers in Toss's place may make up any number of others. */
export const isKnownTossCode = (code: string): boolean => table.has(code)

/** Every code of the table, for tests that walk it. */
export const knownTossCodes: readonly string[] = [...table.keys()]
