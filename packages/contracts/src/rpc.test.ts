import {
  Client,
  credentials,
  Metadata,
  type requestCallback,
  Server,
  ServerCredentials,
  type ServiceError,
  status,
} from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { AppError, type ErrorDetails, errorTable, isErrorCode } from './errors.ts'
import {
  catalogService,
  fromServiceError,
  isOutcomeUnknown,
  orderService,
  paymentService,
  toServiceError,
} from './rpc.ts'

const codes = Object.keys(errorTable).filter(isErrorCode)
const secret = 'mongodb://checkout:hunter2@10.0.0.5/'

const failed = (code: status, details = '', metadata = new Metadata()): ServiceError =>
  Object.assign(new Error(`${code} ${details}`), { code, details, metadata })

describe('an error over a real connection', () => {
  const server = new Server()
  let client: Client
  let thrown: unknown

  beforeAll(async () => {
    server.addService(catalogService, {
      GetProducts: (_call: unknown, reply: requestCallback<unknown>) => reply(toServiceError(thrown) as ServiceError),
    })
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      )
    })
    client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  })
  afterAll(() => {
    client.close()
    server.forceShutdown()
  })

  const call = async (error: unknown): Promise<ServiceError> => {
    thrown = error
    const { path, requestSerialize, responseDeserialize } = catalogService.GetProducts
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { ids: [] }, (received) =>
        received ? resolve(received) : reject(new Error('it succeeded')),
      )
    })
  }

  it.each(codes)('%s arrives as it was thrown, without its cause', async (code) => {
    const details: ErrorDetails = {
      detail: '상품 3 "quoted" 없음',
      errors: [{ field: 'items[0].productId', message: 'must be a product id' }],
      tossCode: 'REJECT_CARD_PAYMENT',
      httpStatus: 403,
      retryAfterSeconds: 5,
      isReplayed: true,
    }
    const received = await call(new AppError(code, details, { cause: new Error(secret) }))
    expect(received.code).toBe(errorTable[code].grpc)
    const error = fromServiceError(received)
    expect(error).toMatchObject({ code, details })
    expect(error.details).toEqual(details)
    expect(wireText(received)).not.toContain(secret)
    expect(isOutcomeUnknown(error)).toBe(false)
  })

  it.each([new Error(secret), new TypeError(secret), secret, undefined, null, { code: 'AMOUNT_MISMATCH' }])(
    'a bug (%p) leaves as INTERNAL_ERROR and says nothing of itself',
    async (bug) => {
      const received = await call(bug)
      expect(received.code).toBe(status.INTERNAL)
      expect(fromServiceError(received)).toMatchObject({ code: 'INTERNAL_ERROR', details: {} })
      expect(wireText(received)).not.toContain(secret)
    },
  )
})

/** All that a caller could read of a failed call. */
const wireText = (error: ServiceError): string =>
  JSON.stringify([error.message, error.details, Object.values(error.metadata.getMap()).map(String)])

describe('a failure of the transport', () => {
  it.each([
    [status.DEADLINE_EXCEEDED, 'GATEWAY_TIMEOUT'],
    [status.UNAVAILABLE, 'SERVICE_UNAVAILABLE'],
    [status.CANCELLED, 'SERVICE_UNAVAILABLE'],
    // A wrong token between our own services is our fault, not the caller's.
    [status.UNAUTHENTICATED, 'INTERNAL_ERROR'],
    [status.UNIMPLEMENTED, 'INTERNAL_ERROR'],
    [status.INTERNAL, 'INTERNAL_ERROR'],
    [status.UNKNOWN, 'INTERNAL_ERROR'],
    [status.RESOURCE_EXHAUSTED, 'INTERNAL_ERROR'],
  ])('with gRPC status %d is %s', (grpc, code) => {
    const cause = failed(grpc)
    expect(fromServiceError(cause)).toMatchObject({ code, cause })
  })

  it('with a code that this version does not know yet is INTERNAL_ERROR', () => {
    const metadata = new Metadata()
    metadata.set('error-code', 'ADDED_NEXT_YEAR')
    expect(fromServiceError(failed(status.FAILED_PRECONDITION, '', metadata)).code).toBe('INTERNAL_ERROR')
  })
})

describe('the outcome of a failed call', () => {
  it.each([
    ['the deadline passed', failed(status.DEADLINE_EXCEEDED, 'Deadline exceeded'), true],
    ['the connection broke under it', failed(status.UNAVAILABLE, 'Connection dropped'), true],
    ['the call was cancelled', failed(status.CANCELLED, 'Call cancelled'), true],
    ['the stream was reset', failed(status.INTERNAL, 'Received RST_STREAM with code 2'), true],
    ['no connection was ever there', failed(status.UNAVAILABLE, 'No connection established. Last error: …'), false],
    ['the name does not resolve', failed(status.UNAVAILABLE, 'Name resolution failed for target dns:…'), false],
    ['the server does not know the caller', failed(status.UNAUTHENTICATED, 'no valid token'), false],
  ])('when %s', (_when, cause, isUnknown) => {
    expect(isOutcomeUnknown(fromServiceError(cause))).toBe(isUnknown)
  })

  it('is known of an error that never went over a wire', () => {
    expect(isOutcomeUnknown(new AppError('GATEWAY_TIMEOUT'))).toBe(false)
    expect(isOutcomeUnknown(new AppError('GATEWAY_TIMEOUT', {}, { cause: new Error('timeout') }))).toBe(false)
  })
})

describe('the services', () => {
  it('have their methods under versioned names', () => {
    const paths = [catalogService, orderService, paymentService].flatMap((service) =>
      Object.values(service).map(({ path }) => path),
    )
    expect(paths.toSorted()).toEqual([
      '/catalog.v1.CatalogService/GetProducts',
      '/catalog.v1.CatalogService/ListProducts',
      '/order.v1.OrderService/CreateOrder',
      '/order.v1.OrderService/GetOrder',
      '/order.v1.OrderService/ListOrders',
      '/payment.v1.PaymentService/CancelPayment',
      '/payment.v1.PaymentService/ConfirmPayment',
      '/payment.v1.PaymentService/FailPayment',
      '/payment.v1.PaymentService/GetPaymentByOrder',
    ])
  })

  it('carry amounts as the text of an int64, which no parser can round', () => {
    const { requestSerialize, requestDeserialize } = paymentService.ConfirmPayment
    const request = { paymentKey: 'key', orderId: 'ORD-1', amountKrw: Number.MAX_SAFE_INTEGER }
    expect(requestDeserialize(requestSerialize(request)).amountKrw).toBe('9007199254740991')
  })
})
