import pino from 'pino'
import { readConfig } from './config.ts'
import { start } from './simulator.ts'

const config = readConfig()
const log = pino({ level: config.logLevel })
const simulator = await start(config, log)
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.close())
// Whoever started this process waits for the line and may stop it right after, so it comes last and at every log level.
log.child({}, { level: 'info' }).info({ port: simulator.port }, 'listening')
