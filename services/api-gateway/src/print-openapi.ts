import { buildOpenApi } from './openapi.ts'
import { routes } from './routes.ts'

// Writes the document that is kept in the repository, for those who read it without running anything.
process.stdout.write(`${JSON.stringify(buildOpenApi(routes), null, 2)}\n`)
