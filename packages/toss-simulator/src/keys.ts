import { z } from 'zod'

/** Toss: `ck` for the payment window, `gck` for widgets. */
export const clientKeySchema = z.string().regex(/^(test|live)_g?ck_.{1,200}$/, 'expected a client key')

/** Toss: a widget's payment is confirmed with the secret key of the widget's pair, in the same environment. */
export function isPair(clientKey: string, secretKey: string): boolean {
  return secretKey.startsWith(clientKey.replace(/^(test|live)_(g?)ck_.*$/, '$1_$2sk_'))
}

export function isWidgetKey(clientKey: string | undefined): boolean {
  return clientKey !== undefined && /^(test|live)_gck_/.test(clientKey)
}
