// Who may import whom. Names of files carry the meaning: see the table of files in CONTRIBUTING.
const source = '^(packages|services)/[^/]+/src/'
const service = '^services/([^/]+)/src/'
const tests = '[.]test[.]ts$'
const doors = '(grpc|admin-grpc|http|events|jobs|docs|openapi)[.]ts$'
const doorFolder = 'routes/[^/]+[.]ts$'
const walls =
  '(store|payment-schema|publisher|catalog|toss|dedupe|webhook-events|resolution-proposals|reconciliations|told-differences|journal|clients)[.]ts$'
const roots = '(main|service|seed)[.]ts$'

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or a third one is missing between them.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      comment: 'An import that is not found would hide everything behind it from the other rules.',
      severity: 'error',
      from: { path: source },
      to: { couldNotResolve: true },
    },
    {
      name: 'domain-is-pure',
      comment:
        'The rules of money must be testable without a clock, a network or a database, so domain/ knows domain/ and contracts alone.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/domain/', pathNot: tests },
      to: { pathNot: ['^services/$1/src/domain/', '^packages/contracts/'] },
    },
    {
      name: 'use-cases-are-handed-their-tools',
      comment:
        'A use case gets store, Toss and clock as an argument, so that it says in its types what it touches and reads top-down.',
      severity: 'error',
      from: {
        path: `${service}[a-z]+-[a-z-]+[.]ts$`,
        pathNot: [tests, `${service}${walls}`, `${service}${doors}`, '^services/(api-gateway|webhook-gateway)/'],
      },
      to: {
        // Their types are imported, and type imports cannot be told from others here, so the walls themselves are allowed.
        path: [
          '^services/[^/]+/src/(grpc|admin-grpc|http|events|jobs|config|service|main)[.]ts$',
          'node_modules/(mongoose|got|kafkajs|ioredis|bullmq|express|@grpc)/',
        ],
      },
    },
    {
      name: 'doors-do-not-know-doors',
      comment: 'A door parses, calls a use case and answers; a rule that two doors share belongs into the use case.',
      severity: 'error',
      from: { path: `${service}(${doors}|${doorFolder})` },
      to: { path: `^services/$1/src/(grpc|admin-grpc|http|events|jobs)[.]ts$` },
    },
    {
      name: 'walls-do-not-know-the-inside',
      comment:
        'A store that called a use case would turn the direction round: use cases are handed walls, never the other way.',
      severity: 'error',
      from: { path: `${service}${walls}` },
      to: { path: [`^services/$1/src/${doors}`, `^services/$1/src/${doorFolder}`, `^services/$1/src/${roots}`] },
    },
    {
      name: 'nobody-imports-a-service',
      comment:
        'Services meet over gRPC and Kafka only; an import would couple their releases. The stack starts their main files as processes.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^services/' },
    },
    {
      name: 'services-do-not-import-each-other',
      comment: 'As above: what two services must agree on lives in contracts.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'contracts-stand-alone',
      comment: 'Contracts are what others agree on; needing one of the others would close a circle.',
      severity: 'error',
      from: { path: '^packages/contracts/' },
      to: { path: '^(packages|services)/', pathNot: '^packages/contracts/' },
    },
    {
      name: 'runtime-knows-contracts-only',
      comment: 'Being a process does not depend on what the process says to Kafka.',
      severity: 'error',
      from: { path: '^packages/runtime/', pathNot: tests },
      to: { path: '^(packages|services)/', pathNot: '^packages/(contracts|runtime)/' },
    },
    {
      name: 'messaging-knows-contracts-and-runtime-only',
      comment: 'At-least-once delivery is the same for every service, so it knows none of them.',
      severity: 'error',
      from: { path: '^packages/messaging/', pathNot: tests },
      to: { path: '^(packages|services)/', pathNot: '^packages/(contracts|runtime|messaging)/' },
    },
    {
      name: 'the-simulator-is-somebody-else',
      comment: 'It plays Toss, a foreign system: code shared with us would make it agree with our mistakes.',
      severity: 'error',
      from: { path: '^packages/toss-simulator/src/', pathNot: tests },
      to: { path: '^(packages|services)/', pathNot: '^packages/toss-simulator/' },
    },
    {
      name: 'the-stack-is-for-development',
      comment: 'Nothing that runs in production may need the package that starts servers on a laptop; tests may.',
      severity: 'error',
      from: { path: '^(packages|services)/[^/]+/src/', pathNot: ['^packages/stack/', tests] },
      to: { path: '^packages/stack/' },
    },
    {
      name: 'mongoose-in-stores-only',
      comment:
        "MongoDB's schema and its conditional writes are in stores, where all of them can be read together. The composition root names a type.",
      severity: 'error',
      from: {
        path: `${service}`,
        pathNot: [
          `${service}(store|payment-schema|webhook-events|resolution-proposals|reconciliations|told-differences|journal|service)[.]ts$`,
          tests,
        ],
      },
      to: { path: 'node_modules/mongoose/' },
    },
    {
      name: 'got-in-toss-only',
      comment: 'Requests that move money leave from one file, which knows the timeouts, the keys and the codes.',
      severity: 'error',
      from: { path: source, pathNot: '^services/payment/src/toss[.]ts$' },
      to: { path: 'node_modules/got/' },
    },
    {
      name: 'kafkajs-in-messaging-only',
      comment: 'The client is unmaintained and sits behind a port, so that it can be exchanged in one place.',
      severity: 'error',
      from: { path: '^(packages|services)/[^/]+/src/', pathNot: ['^packages/(messaging|stack)/', tests] },
      to: { path: 'node_modules/kafkajs/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Anchored: got and others keep their own files in a folder named dist.
    exclude: { path: '^(packages|services)/[^/]+/dist/' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      conditionNames: ['@app/source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
