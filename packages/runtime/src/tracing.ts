import type { Logger } from './log.ts'

export type TracingConfig = {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined
  readonly OTEL_TRACES_SAMPLER_ARG: number
}

/**
 * Exports this process's spans when an endpoint is configured. Without one the SDK is not even loaded. A collector that is away
 * costs spans and nothing else.
 */
export const startTracing = async (
  service: string,
  config: TracingConfig & { readonly NAMESPACE: string },
  log: Logger,
): Promise<{ close(): Promise<void> }> => {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio, NAMESPACE: namespace } = config
  if (endpoint === undefined) return { close: () => Promise.resolve() }
  const { startExport } = await import('./tracing-sdk.ts')
  log.info({ endpoint: new URL(endpoint).origin, ratio }, 'spans are exported')
  return startExport({ service, namespace, endpoint, ratio, log })
}
