import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as it was exported. */
export interface ReceivedSpan {
  readonly service: string
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string
  readonly attributes: Readonly<Record<string, string | undefined>>
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  /** 2 is an error. */
  readonly status: number
}

type KeyValue = { key: string; value: Record<string, unknown> }
type Export = {
  resourceSpans?: {
    resource?: { attributes?: KeyValue[] }
    scopeSpans?: {
      spans?: (Omit<ReceivedSpan, 'service' | 'attributes' | 'links' | 'parentSpanId' | 'status'> & {
        parentSpanId?: string
        attributes?: KeyValue[]
        links?: ReceivedSpan['links']
        status?: { code?: number }
      })[]
    }[]
  }[]
}

const named = (attributes: readonly KeyValue[] = []): Record<string, string> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]))

/** A collector: takes OTLP over HTTP in JSON on a port of its own and keeps all spans. */
export const startOtlpReceiver = async () => {
  const spans: ReceivedSpan[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Export
      for (const { resource, scopeSpans = [] } of body.resourceSpans ?? []) {
        const service = named(resource?.attributes)['service.name'] ?? ''
        for (const span of scopeSpans.flatMap((scope) => scope.spans ?? [])) {
          const { name, traceId, spanId, parentSpanId = '', attributes, links = [], status } = span
          spans.push({
            service,
            name,
            traceId,
            spanId,
            parentSpanId,
            attributes: named(attributes),
            links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
            status: status?.code ?? 0,
          })
        }
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
