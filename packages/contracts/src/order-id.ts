/** Crockford's base 32: no I, L, O, U, so that an id read aloud or typed from paper stays what it was. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 26

/**
 * `ORD-` and 26 characters that sort as the bytes do. Toss: an orderId is 6..64 of `[A-Za-z0-9_-]`.
 * @param bytes the 16 bytes of a UUID v7, so that ids sort by the time of their making
 */
export const orderIdFrom = (bytes: Uint8Array): string => {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (let i = 0; i < LENGTH; i += 1) {
    text = (ALPHABET[Number(rest & 31n)] ?? '') + text
    rest >>= 5n
  }
  return `ORD-${text}`
}

/** Whether a text is one that `orderIdFrom` makes. */
export const isOrderId = (text: string): boolean => /^ORD-[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text)
