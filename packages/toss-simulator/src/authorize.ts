import { TossError } from './errors.ts'

/** Toss: Basic auth with the secret key as the user, a colon, and no password. Answers the key that was let in. */
export function authorize(header: string | undefined, opens: (secretKey: string) => boolean): string {
  const [, encoded] = /^Basic (\S+)$/i.exec(header ?? '') ?? []
  if (encoded === undefined) throw new TossError('UNAUTHORIZED_KEY')
  const credentials = Buffer.from(encoded, 'base64').toString('utf8')
  if (!credentials.includes(':')) throw new TossError('INCORRECT_BASIC_AUTH_FORMAT')
  const secretKey = credentials.slice(0, -1)
  if (!credentials.endsWith(':') || !opens(secretKey)) throw new TossError('UNAUTHORIZED_KEY')
  return secretKey
}
