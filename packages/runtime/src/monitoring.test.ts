import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parser } from '@prometheus-io/lezer-promql'
import { parse } from 'yaml'
import { createMetrics } from './metrics.ts'

const root = new URL('../../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const list = (folder: string): string[] => readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })

/** Metric → its labels, for every series that a service shows: those of the runtime as registered, the services' own by their source. */
const series = new Map<string, ReadonlySet<string>>([['up', new Set()]])
const add = (name: string, type: string, labels: readonly string[]) => {
  if (type !== 'histogram') series.set(name, new Set(labels))
  else for (const suffix of ['_bucket', '_sum', '_count']) series.set(name + suffix, new Set([...labels, 'le']))
}
type Registered = { name: string; labelNames: string[] }
for (const metric of createMetrics('test').registry.getMetricsAsArray() as unknown as Registered[])
  add(metric.name, metric.constructor.name.toLowerCase(), metric.labelNames)
for (const folder of ['packages', 'services'])
  for (const file of list(folder).filter((path) => /^[\w-]+\/src\/.*(?<![.]test)\.ts$/.test(path))) {
    const made = /metrics\s*\.(histogram|counter|gauge)\(\s*'(\w+)',\s*'[^']*'(?:,\s*\[([^\]]*)\])?/g
    for (const [, type = '', name = '', labels = ''] of read(`${folder}/${file}`).matchAll(made))
      add(
        name,
        type,
        [...labels.matchAll(/'(\w+)'/g)].map(([, label = '']) => label),
      )
  }
/** What Prometheus and the process itself put on every series. */
const commonLabels = ['service', 'instance', 'job']

/** What is wrong with an expression, in words; nothing when it is right. */
const faultsOf = (expression: string): string[] => {
  const faults: string[] = []
  const labels = new Set<string>()
  const used = new Set<string>()
  parser.parse(expression).iterate({
    enter: ({ type, from, to }) => {
      const text = expression.slice(from, to)
      if (type.isError) faults.push(`no PromQL at ${from}: ${expression.slice(from, from + 20)}`)
      if (type.name === 'Identifier') used.add(text)
      if (type.name === 'LabelName') labels.add(text)
    },
  })
  for (const name of used) if (!series.has(name)) faults.push(`nobody counts ${name}`)
  const known = new Set([...commonLabels, ...[...used].flatMap((name) => [...(series.get(name) ?? [])])])
  for (const label of labels) if (!known.has(label)) faults.push(`no metric of it has the label ${label}`)
  return faults
}

type Rule = { alert: string; expr: string; labels: { severity: string }; annotations: Record<string, string> }
const { groups } = parse(read('deploy/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }
const rules = groups.flatMap((group) => group.rules)

type Panel = {
  id: number
  title: string
  datasource: { uid: string }
  gridPos: { x: number; y: number; w: number; h: number }
  targets: { refId: string; expr: string }[]
}
const dashboards = list('deploy/grafana').map((file) => ({
  file,
  ...(JSON.parse(read(`deploy/grafana/${file}`)) as { uid: string; title: string; panels: Panel[] }),
}))

describe('what finds faults in an expression', () => {
  it('finds them', () => {
    expect(series.size).toBeGreaterThan(60)
    expect(faultsOf('sum by (code) (rate(rpc_server_duration_seconds_count{service="order"}[5m]))')).toEqual([])
    expect(faultsOf('sum(rate(toss_calls[5m]))')).toEqual(['nobody counts toss_calls'])
    expect(faultsOf('max(outbox_documents{topic="x"})')).toEqual(['no metric of it has the label topic'])
    // A histogram has no series of its own name.
    expect(faultsOf('rate(toss_call_duration_seconds[5m])')).toEqual(['nobody counts toss_call_duration_seconds'])
    expect(faultsOf('sum by (code (up)')).not.toEqual([])
    expect(faultsOf('rate(up[5m]')).not.toEqual([])
  })
})

describe('deploy/prometheus/alerts.yml', () => {
  const headings = [...read('docs/failure-modes.md').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
  const tests = parse(read('deploy/prometheus/alerts.test.yml')) as {
    tests: { alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[] }[]
  }
  const checks = tests.tests.flatMap((test) => test.alert_rule_test)

  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s asks of metrics that exist', (_, rule) => {
    expect(faultsOf(rule.expr)).toEqual([])
  })

  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s says how urgent it is, what happened and where to read on',
    (_, { labels, annotations }) => {
      expect(['page', 'ticket']).toContain(labels.severity)
      expect(annotations.summary).toMatch(/\w/)
      const [document, anchor] = annotations.runbook?.split('#') ?? []
      expect(document).toBe('docs/failure-modes.md')
      expect(headings).toContain(anchor)
    },
  )

  it.each(rules.map(({ alert }) => alert))('%s is tested to fire, and not to fire', (alert) => {
    const ofAlert = checks.filter(({ alertname }) => alertname === alert)
    expect(ofAlert.some(({ exp_alerts: expected = [] }) => expected.length > 0)).toBe(true)
    expect(ofAlert.some(({ exp_alerts: expected = [] }) => expected.length === 0)).toBe(true)
  })
})

describe.each(dashboards)('deploy/grafana/$file', ({ file, uid, panels }) => {
  it.each(panels.map((panel) => [panel.title, panel] as const))('"%s" shows metrics that exist', (_, panel) => {
    expect(panel.targets.length).toBeGreaterThan(0)
    expect(panel.targets.flatMap(({ expr }) => faultsOf(expr))).toEqual([])
    expect(panel.datasource.uid).toBe('${datasource}')
  })

  it('is named as its file, and its panels lie beside each other', () => {
    expect(file).toBe(`${uid}.json`)
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const overlaps = panels.flatMap((a, i) =>
      panels.slice(i + 1).filter(({ gridPos: b }) => {
        const { gridPos: p } = a
        return p.x < b.x + b.w && b.x < p.x + p.w && p.y < b.y + b.h && b.y < p.y + p.h
      }),
    )
    expect(overlaps).toEqual([])
  })
})

describe('deploy/prometheus/prometheus.yml', () => {
  it('scrapes the HTTP port of each service', () => {
    const { scrape_configs: jobs } = parse(read('deploy/prometheus/prometheus.yml')) as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[]
    }
    const ports = ['api-gateway', 'webhook-gateway', 'catalog', 'order', 'payment'].map(
      (service) => /HTTP_PORT:.*default\((\d+)\)/.exec(read(`services/${service}/src/config.ts`))?.[1],
    )
    const targets = jobs.flatMap((job) => job.static_configs.flatMap((config) => config.targets))
    expect(targets.map((target) => target.split(':')[1])).toEqual(ports)
    expect(jobs.map((job) => job.job_name)).toEqual(['checkout'])
  })
})
