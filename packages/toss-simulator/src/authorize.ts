import { TossError } from './errors.ts'

/** Toss: Basic auth with the secret key as the user, a colon, and no password. */
export function authorize(header: string | undefined, secretKey: string): void {
  const [, encoded] = /^Basic (\S+)$/i.exec(header ?? '') ?? []
  if (encoded === undefined) throw new TossError('UNAUTHORIZED_KEY')
  const credentials = Buffer.from(encoded, 'base64').toString('utf8')
  if (!credentials.includes(':')) throw new TossError('INCORRECT_BASIC_AUTH_FORMAT')
  if (credentials !== `${secretKey}:`) throw new TossError('UNAUTHORIZED_KEY')
}
