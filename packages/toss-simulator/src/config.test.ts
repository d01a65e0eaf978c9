import { describe, expect, it } from '@jest/globals'
import { readConfig } from './config.ts'

const required = { DATA_DIR: '/data', TOSS_SECRET_KEY: 'test_sk' }

describe('readConfig', () => {
  it('needs a directory and a key; the rest has defaults that only this machine reaches', () => {
    expect(readConfig(required)).toEqual({
      httpPort: 3002,
      host: '127.0.0.1',
      webhookUrls: [],
      dataDir: '/data',
      tossSecretKey: 'test_sk',
      securityKeys: [],
      sandboxRateLimit: false,
      logLevel: 'info',
    })
  })

  it('takes several webhook URLs, separated by commas', () => {
    const { webhookUrls } = readConfig({ ...required, WEBHOOK_URLS: 'http://a/x, https://b/y,' })
    expect(webhookUrls).toEqual(['http://a/x', 'https://b/y'])
  })

  it('takes the events that are registered for an address, and no others than there are', () => {
    const env = { DATA_DIR: '/data', TOSS_SECRET_KEY: 'test_sk_1' }
    const urls = ['http://shop/a#DEPOSIT_CALLBACK+PAYMENT_STATUS_CHANGED', 'http://shop/b']
    expect(readConfig({ ...env, WEBHOOK_URLS: urls.join(',') }).webhookUrls).toEqual(urls)
    expect(() => readConfig({ ...env, WEBHOOK_URLS: 'http://shop/a#DEPOSITS' })).toThrow('WEBHOOK_URLS')
  })

  it('names every variable that is wrong in one error', () => {
    const wrong = { HTTP_PORT: '70000', WEBHOOK_URLS: 'ftp://a', SANDBOX_RATE_LIMIT: 'yes', LOG_LEVEL: 'loud' }
    for (const name of [
      'HTTP_PORT',
      'WEBHOOK_URLS',
      'SANDBOX_RATE_LIMIT',
      'LOG_LEVEL',
      'DATA_DIR',
      'TOSS_SECRET_KEY',
    ]) {
      expect(() => readConfig(wrong)).toThrow(name)
    }
  })
})
