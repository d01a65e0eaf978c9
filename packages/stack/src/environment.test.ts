import { describe, expect, it } from '@jest/globals'
import { environmentOf, fixedPorts, tossOf, type Variables, withoutEmpty } from './environment.ts'
import { processNames } from './topology.ts'

const servers = { MONGO_URL: 'mongodb://m', KAFKA_BROKERS: 'k:1', REDIS_URL: 'redis://r' }
const envOf = (name: (typeof processNames)[number], given: Variables = {}) =>
  environmentOf(name, {
    given,
    ports: fixedPorts(given),
    servers,
    serviceToken: 'secret',
    operatorTokens: '',
    simulatorDataDir: '/data',
  })

describe('the environment of a process', () => {
  it('holds the servers, the addresses of the others and its own ports', () => {
    expect(envOf('order')).toMatchObject({
      ...servers,
      CATALOG_ADDR: '127.0.0.1:4001',
      ORDER_ADDR: '127.0.0.1:4002',
      PAYMENT_ADDR: '127.0.0.1:4003',
      HTTP_PORT: '4102',
      GRPC_PORT: '4002',
      SERVICE_TOKEN: 'secret',
      AUTH_MODE: 'open',
    })
  })

  it('has no gRPC port for a process without gRPC', () => {
    expect(envOf('api-gateway', { GRPC_PORT: '1' })).not.toHaveProperty('GRPC_PORT')
  })

  it('prefers the variable that names the process to the one for all', () => {
    const given = { LOG_LEVEL: 'warn', PAYMENT_LOG_LEVEL: 'debug' }
    expect(envOf('payment', given).LOG_LEVEL).toBe('debug')
    expect(envOf('order', given).LOG_LEVEL).toBe('warn')
  })

  it('takes ports only in the form that names the process, and tells the others', () => {
    const given = { HTTP_PORT: '9', API_GATEWAY_HTTP_PORT: '5000', ORDER_GRPC_PORT: '5001' }
    expect(envOf('api-gateway', given)).toMatchObject({ HTTP_PORT: '5000', ORDER_ADDR: '127.0.0.1:5001' })
    expect(envOf('catalog', given).HTTP_PORT).toBe('4101')
  })

  it('gives the key of Toss to the payment service alone; the simulator has one of its own', () => {
    const given = { TOSS_BASE_URL: 'https://toss', TOSS_SECRET_KEY: 'live' }
    const keys = processNames.map((name) => [name, envOf(name, given).TOSS_SECRET_KEY])
    expect(keys.filter(([, key]) => key !== undefined)).toEqual([
      ['payment', 'live'],
      ['toss-simulator', 'test_sk_local'],
    ])
    expect(envOf('payment', given)).toMatchObject(given)
  })

  it('points payment to the simulator and the simulator to the webhook gateway', () => {
    const given = { TOSS_SIMULATOR_HTTP_PORT: '6000', WEBHOOK_GATEWAY_HTTP_PORT: '6001' }
    expect(envOf('payment', given)).toMatchObject({
      TOSS_BASE_URL: 'http://127.0.0.1:6000',
      TOSS_SECRET_KEY: 'test_sk_local',
    })
    expect(envOf('toss-simulator', given)).toMatchObject({
      WEBHOOK_URLS: 'http://127.0.0.1:6001/api/webhooks/toss',
      DATA_DIR: '/data',
      HTTP_PORT: '6000',
    })
  })

  it('keeps payment small, unless other options of Node were given', () => {
    expect(envOf('payment', {}).NODE_OPTIONS).toBe('--max-semi-space-size=4')
    expect(envOf('payment', { NODE_OPTIONS: '--max-old-space-size=99' }).NODE_OPTIONS).toBe('--max-old-space-size=99')
    expect(envOf('order', { NODE_OPTIONS: '--max-old-space-size=99' }).NODE_OPTIONS).toBe('--max-old-space-size=99')
  })
})

describe('what is refused before anything is started', () => {
  it.each([
    [{ TOSS_BASE_URL: 'https://toss' }, 'TOSS_SECRET_KEY is not set'],
    [{ TOSS_SECRET_KEY: 'live' }, 'TOSS_BASE_URL is not set'],
  ])('half of a Toss: %j', (given, message) => {
    expect(() => tossOf(given)).toThrow(message)
  })

  it('an empty variable counts as not given', () => {
    expect(tossOf(withoutEmpty({ TOSS_BASE_URL: '', TOSS_SECRET_KEY: '' }))).toBe('simulator')
  })

  it.each(['0', '65536', 'http', '1.5'])('a port that is none: %s', (port) => {
    expect(() => fixedPorts({ ORDER_HTTP_PORT: port })).toThrow('ORDER_HTTP_PORT is not a port')
  })

  it('one port for two doors', () => {
    expect(() => fixedPorts({ ORDER_HTTP_PORT: '3000' })).toThrow('port 3000 is wanted twice')
  })
})
