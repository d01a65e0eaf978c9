import { flows } from './flows.ts'
import { findCrashPoints, keyOf } from './points.ts'
import { reachOf } from './reach.ts'

/** docs/crash-points.md: where each process can be made to die, and which flows do. */
export function crashPointsDocument(): string {
  const points = findCrashPoints()
  const rows = points.map((point) => {
    const passing = flows.flatMap((flow, index) => {
      const { kind } = reachOf(point, flow)
      return kind === 'never' ? [] : [kind === 'always' ? `${index + 1}` : `(${index + 1})`]
    })
    return [`\`${keyOf(point)}\``, point.file, passing.join(', ')]
  })
  return `# Crash points

Generated from the code by \`npm run generate\`. At each of these places \`npm run crash\` kills the process in the middle of
each flow that passes it, starts it again, lets the clients ask again, and compares both sides' books. A flow that does not pass a
point is declared impossible for a reason in \`packages/stack/src/crash/reach.ts\`; the run plays each flow once with nobody dying
and fails when a declaration is wrong. A flow in parentheses passes the point only when the timing has it so: the process dies there
or nowhere, and the outcome must be the same. \`npm test\` carries a part of them
(\`packages/stack/tests/crash.e2e.test.ts\`).

${points.length} points, ${rows.reduce((sum, [, , passing = '']) => sum + passing.split(', ').length, 0)} pairs of point and flow.

${flows.map(({ name }, index) => `${index + 1}. ${name}`).join('\n')}

${[['point', 'file', 'flows'], ['---', '---', '---'], ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')}
`
}
