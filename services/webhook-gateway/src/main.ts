import { run } from '@checkout/runtime/run'
import { readConfig } from './config.ts'
import { start } from './service.ts'

await run(() => start(readConfig(process.env)))
