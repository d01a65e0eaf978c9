import type { Payment } from './payment.ts'

/** Which words Toss uses nobody wrote down; these are the simulator's own. */
const words: Record<string, string> = {
  카드: 'Card',
  가상계좌: 'Virtual account',
  간편결제: 'Easy pay',
  계좌이체: 'Transfer',
  휴대폰: 'Mobile phone',
  문화상품권: 'Culture gift certificate',
  도서문화상품권: 'Book gift certificate',
  게임문화상품권: 'Game gift certificate',
  해외간편결제: 'Foreign easy pay',
  신용: 'Credit',
  체크: 'Check',
  기프트: 'Gift',
  미확인: 'Unknown',
  개인: 'Personal',
  법인: 'Corporate',
  일반: 'Normal',
  고정: 'Fixed',
  소득공제: 'Income deduction',
  지출증빙: 'Proof of expenditure',
  토스페이: 'Tosspay',
}

/** Toss: `Accept-Language: en-US` turns every value that is not the user's own into English, and messages too. */
export function inEnglish(body: unknown): unknown {
  if (isError(body)) return { ...body, message: sentenceOf(body.code) }
  return hasMethod(body) ? paymentInEnglish(body) : body
}

function paymentInEnglish(payment: Payment): unknown {
  const { method, card, virtualAccount, easyPay, failure, cashReceipt, cashReceipts } = payment
  return {
    ...payment,
    method: method && words[method],
    card: card && { ...card, cardType: words[card.cardType], ownerType: words[card.ownerType] },
    virtualAccount: virtualAccount && { ...virtualAccount, accountType: words[virtualAccount.accountType] },
    easyPay: easyPay && { ...easyPay, provider: words[easyPay.provider] ?? easyPay.provider },
    cashReceipt: cashReceipt && { ...cashReceipt, type: words[cashReceipt.type] },
    cashReceipts: cashReceipts?.map((one) => ({ ...one, type: words[one.type] })) ?? cashReceipts,
    failure: failure && { ...failure, message: sentenceOf(failure.code) },
  }
}

/** NOT_FOUND_PAYMENT as "Not found payment." */
function sentenceOf(code: string): string {
  return `${code.charAt(0)}${code.slice(1).toLowerCase().replaceAll('_', ' ')}.`
}

function isError(body: unknown): body is { code: string } {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
}

/** A Payment, or a part of one: a billing key has a method and a card. */
function hasMethod(body: unknown): body is Payment {
  return typeof body === 'object' && body !== null && 'method' in body
}
