import type { Card, Payment, PaymentRecord } from './payment.ts'

type Means = Pick<Payment, 'card' | 'easyPay' | 'transfer' | 'mobilePhone' | 'giftCertificate'>

/** The one card that everybody pays with. */
export const CARD_NUMBERS = { issuerCode: '61', acquirerCode: '31', number: '43301234****123*' }

const noMeans: Means = { card: null, easyPay: null, transfer: null, mobilePhone: null, giftCertificate: null }
/** Toss: settled from the next day on; the simulator never settles. */
const settlementStatus = 'INCOMPLETED'

/** What an approved Payment tells of the means that it was paid with; each method fills a part of its own. */
export function meansOf(record: PaymentRecord, transactionKey: string): Means {
  switch (record.method) {
    case 'CARD':
      return { ...noMeans, card: cardOf(record, transactionKey) }
    case 'EASY_PAY':
      return { ...noMeans, ...walletOf(record, transactionKey) }
    case 'TRANSFER':
      return { ...noMeans, transfer: { bankCode: record.bankCode, settlementStatus } }
    case 'FOREIGN_EASY_PAY':
      return { ...noMeans, easyPay: { provider: 'PAYPAL', amount: record.payment.totalAmount, discountAmount: 0 } }
    case 'MOBILE_PHONE': {
      const customerMobilePhone = record.customerMobilePhone ?? ''
      return { ...noMeans, mobilePhone: { customerMobilePhone, settlementStatus, receiptUrl: receiptUrlOf(record) } }
    }
    case 'CULTURE_GIFT_CERTIFICATE':
    case 'BOOK_GIFT_CERTIFICATE':
    case 'GAME_GIFT_CERTIFICATE':
      return { ...noMeans, giftCertificate: { approveNo: digitsOf(transactionKey, 8), settlementStatus } }
    case 'VIRTUAL_ACCOUNT':
      return noMeans
  }
}

export function receiptUrlOf({ payment }: PaymentRecord): string {
  return `https://dashboard.tosspayments.com/receipt/redirection?transactionId=${payment.paymentKey}`
}

/** Digits that look drawn but follow from the key, so that the transitions stay free of chance. */
export function digitsOf(transactionKey: string, length: number): string {
  return BigInt(`0x${transactionKey.replace(/^txrd_/, '')}`)
    .toString()
    .padStart(length, '0')
    .slice(-length)
}

/** A card inside a wallet fills both, and the wallet's own amount is 0; the wallet's money fills `easyPay` alone. */
function walletOf(record: PaymentRecord, transactionKey: string): Pick<Payment, 'card' | 'easyPay'> {
  const { totalAmount } = record.payment
  const isMoney = record.wallet === 'MONEY'
  const { provider = '토스페이', discountAmount = 0 } = record.easyPay ?? {}
  // Toss: what the wallet's points and coupons pay is charged to neither its money nor the card.
  const charged = totalAmount - discountAmount
  return {
    card: isMoney ? null : { ...cardOf(record, transactionKey), amount: charged },
    easyPay: { provider, amount: isMoney ? charged : 0, discountAmount },
  }
}

function cardOf({ payment, card, installmentPlanMonths = 0 }: PaymentRecord, transactionKey: string): Card {
  return {
    ...CARD_NUMBERS,
    installmentPlanMonths,
    isInterestFree: false,
    interestPayer: null,
    approveNo: digitsOf(transactionKey, 8),
    useCardPoint: false,
    cardType: '신용',
    ownerType: '개인',
    acquireStatus: 'READY',
    amount: payment.totalAmount,
    ...card,
  }
}
