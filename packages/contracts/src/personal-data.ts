// What must never be in a log, a topic, Redis or an answer to somebody else: keys, tokens, and the data of persons. One list for
// all services, because what one lets through lies in the logs and topics of all.

const isLuhnValid = (digits: string): boolean => {
  let sum = 0
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)
  }
  return sum % 10 === 0
}

// Each pattern begins where a word does or is of bounded length, so that a long text costs its length and not the square of it.
const scrubPlain = (text: string): string =>
  text
    .replace(/\b(test|live)_g?sk_\w+/g, '[key]')
    // The secret that Toss gives each payment, by which its deposits are known.
    .replace(/\bps_\w{8,}/g, '[secret]')
    .replace(/\b(Basic|Bearer)[ +][\w+/=.~-]{8,}/g, '$1 [token]')
    .replace(/(?<![\w.-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]')
    // A bare number has to stay one JSON value.
    .replace(/(?<=[:[,])\d{14,19}(?=[,}\]])/g, (run) => (isLuhnValid(run) ? '"[card]"' : run))
    .replace(/(?<![\w.-])\d(?:[ +-]?\d){13,18}(?![\w-])/g, (run) =>
      isLuhnValid(run.replace(/\D/g, '')) ? '[card]' : run,
    )
    .replace(/(?<![\w-])(?:\+82[ -]?1|01)[016-9][ -]?\d{3,4}[ -]?\d{4}(?![\w-])/g, '[phone]')
    .replace(/(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+/g, '[email]')

/** Twice encoded is what a proxy makes of an encoded address; more often is nobody's mistake. */
const MAX_DECODINGS = 3

/** Percent-encoding undone, as far as there is any: bytes that are no UTF-8 become replacement characters. */
const decoded = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))

/** Whether decoding brings to light what must not be seen. A plus is a space in a query. */
const hidesPersonalData = (word: string): boolean => {
  let text = word
  for (let i = 0; i < MAX_DECODINGS; i += 1) {
    text = decoded(text)
    const query = text.replaceAll('+', ' ')
    if (scrubPlain(text) !== text || scrubPlain(query) !== query) return true
  }
  return false
}

/**
 * Takes keys, tokens, card numbers, mobile phones and e-mail addresses out of a text, wherever they stand; a line of JSON stays
 * one. What is percent-encoded, as in an address, goes as a whole word. Account numbers and names have no pattern by which they
 * could be told: fields that hold them must not get here.
 */
export const scrub = (text: string): string => {
  const plain = scrubPlain(text)
  if (!/%[0-9a-f]{2}/i.test(plain)) return plain
  // A word that ends at quotes and backslashes lies within one string of JSON, and none of its escapes is torn apart.
  return plain.replace(/[^\s"\\]+/g, (word) => (word.includes('%') && hidesPersonalData(word) ? '[encoded]' : word))
}

/**
 * Whether a word from outside may be kept and passed on as an id. One without any letter may not: it could be the number of an
 * account, a card or a telephone, and no id that is made here or at Toss looks like that.
 */
export const isHarmlessId = (word: string): boolean => /[A-Za-z]/.test(word) && scrub(word) === word

/** Account numbers of Korean banks have ten digits or more. */
const isLongNumber = (word: string): boolean => /^\d(?:-?\d){9,}$/.test(word)

/**
 * What of a client's own words may be repeated to it, and so come into the logs of whoever stands between: as they came, but for
 * what `scrub` takes out and for numbers so long that they could be an account's. For addresses and names of fields, not for prose.
 */
export const echo = (text: string): string => {
  const shown = scrub(text)
  const plain = decoded(shown)
  const masked = plain.replace(/[\w-]+/g, (word) => (isLongNumber(word) ? '[number]' : word))
  return masked === plain ? shown : masked
}
