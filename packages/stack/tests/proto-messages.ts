import {
  catalogService,
  orderAdminService,
  orderService,
  packageDefinition,
  paymentAdminService,
  paymentService,
  replayService,
} from '@checkout/contracts/rpc'
import fc from 'fast-check'
import type { GrpcService } from './target.ts'

/** As much of a field's descriptor as is needed to make values of it. */
interface ProtoField {
  readonly name: string
  readonly type: string
  readonly label: string
  /** Of a message, within the same package. */
  readonly typeName: string
  /** A field that may be absent. */
  readonly oneofIndex?: number
}

export interface Rpc {
  /** Whose door it is. */
  readonly service: GrpcService
  /** `/order.v1.OrderService/CreateOrder` */
  readonly path: string
  readonly fields: readonly ProtoField[]
  /** The fields of a message that is the type of a field. */
  fieldsOf(typeName: string): readonly ProtoField[]
  encode(message: object): Buffer
}

type Method = { readonly path: string; requestSerialize(message: object): Buffer; readonly requestType: unknown }

const fieldsIn = (type: unknown): readonly ProtoField[] =>
  (type as { type: { field: readonly ProtoField[] } }).type.field

const rpcsOf = (service: GrpcService, definition: unknown): Rpc[] =>
  Object.values(definition as Readonly<Record<string, Method>>).map(({ path, requestSerialize, requestType }) => ({
    service,
    path,
    fields: fieldsIn(requestType),
    fieldsOf: (typeName) => fieldsIn(packageDefinition[`${path.slice(1).split('.')[0]}.v1.${typeName}`]),
    encode: requestSerialize,
  }))

/** Every call that the proto files declare for services among themselves. */
export const rpcs: readonly Rpc[] = [
  ...rpcsOf('catalog', catalogService),
  ...rpcsOf('order', orderService),
  ...rpcsOf('payment', paymentService),
]

/** Every call that they declare for operators. The order and the payment service both let a consumer group hear events again. */
export const operatorRpcs: readonly Rpc[] = [
  ...rpcsOf('order', orderAdminService),
  ...rpcsOf('payment', paymentAdminService),
  ...rpcsOf('order', replayService),
  ...rpcsOf('payment', replayService),
]

/** What int64 can hold, and what a number in between can not. */
const int64Extremes = ['0', '-1', '9007199254740992', '9223372036854775807', '-9223372036854775808']
const int32Extremes = [0, -1, 101, 2 ** 31 - 1, -(2 ** 31)]
/** A lone surrogate goes out as three bytes that are no UTF-8. */
const textExtremes = ['', '\0', 'a\r\nb: c', '\ud800', '\u202e', '$ne', '__proto__', 'x'.repeat(100_000)]

/** A message of these fields; one that `known` names gets one of those values. */
export const messageOf = (
  rpc: Rpc,
  texts: fc.Arbitrary<string>,
  known: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<object> => {
  const scalars: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    TYPE_STRING: texts,
    TYPE_INT64: fc.oneof(
      fc.constantFrom(...int64Extremes, '1'),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    ),
    TYPE_INT32: fc.constantFrom(...int32Extremes, 1, 100),
    TYPE_BOOL: fc.boolean(),
  }
  const valueOf = ({ name, type, typeName }: ProtoField): fc.Arbitrary<unknown> => {
    const value = known[name] ?? scalars[type]
    if (value !== undefined) return value
    if (type === 'TYPE_MESSAGE') return recordOf(rpc.fieldsOf(typeName))
    throw new Error(`${rpc.path}: nothing is known of ${name}, a ${type}`)
  }
  const recordOf = (fields: readonly ProtoField[]): fc.Arbitrary<object> =>
    fc.record(
      Object.fromEntries(
        fields.map((field) => [
          field.name,
          field.label === 'LABEL_REPEATED' ? fc.array(valueOf(field), { maxLength: 10 }) : valueOf(field),
        ]),
      ),
      { requiredKeys: fields.filter(({ name }) => name in known).map(({ name }) => name) },
    )
  return recordOf(rpc.fields)
}

/** A refused request with one field at one of its extremes. Orders and payments that are there are named only where that is harmless. */
export const extremesOf = (rpc: Rpc): object[] => {
  const base = plain(rpc, rpc.fields)
  return rpc.fields.flatMap((field) => valuesOf(rpc, field).map((value) => ({ ...base, [field.name]: value })))
}

/** Fields of the right type, and together no request that could be granted. */
const plain = (rpc: Rpc, fields: readonly ProtoField[]): object =>
  Object.fromEntries(
    fields.map(({ name, type, label, typeName }) => {
      const one = {
        TYPE_STRING: name === 'userId' ? 'nobody' : 'ORD-UNKNOWN',
        TYPE_INT64: '1',
        TYPE_INT32: 1,
        TYPE_BOOL: false,
        TYPE_MESSAGE: type === 'TYPE_MESSAGE' ? plain(rpc, rpc.fieldsOf(typeName)) : undefined,
      }[type]
      return [name, label === 'LABEL_REPEATED' ? [one] : one]
    }),
  )

const valuesOf = (rpc: Rpc, { type, label, typeName }: ProtoField): unknown[] => {
  const values = {
    TYPE_STRING: textExtremes,
    TYPE_INT64: int64Extremes,
    TYPE_INT32: int32Extremes,
    TYPE_BOOL: [true],
    TYPE_MESSAGE:
      type === 'TYPE_MESSAGE'
        ? rpc
            .fieldsOf(typeName)
            .flatMap((inner) =>
              valuesOf(rpc, inner).map((value) => ({ ...plain(rpc, rpc.fieldsOf(typeName)), [inner.name]: value })),
            )
        : [],
  }[type]
  if (values === undefined) throw new Error(`${rpc.path}: no extremes of ${type}`)
  if (label !== 'LABEL_REPEATED') return [...values]
  return [[], values.slice(0, 1).concat(values), Array.from({ length: 10_000 }, () => values[0])]
}
