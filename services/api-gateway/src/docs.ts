import { AppError } from '@checkout/contracts/errors'
import type { Express } from 'express'
import helmet from 'helmet'
import swaggerUi from 'swagger-ui-express'
import type { Handler } from './exchange.ts'

/** JSON needs nothing of a browser: no script, no frame, no address but its own. */
export const strictHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
  },
})

/** Swagger UI serves its own files, but sets styles and pictures inline. */
const relaxedHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'self'"],
      'style-src': ["'self'", "'unsafe-inline'"],
      'img-src': ["'self'", 'data:'],
      'frame-ancestors': ["'none'"],
    },
  },
})

const readsOnly: Handler = (request, response, next) => {
  response.locals.route = '/docs'
  if (request.method === 'GET' || request.method === 'HEAD') {
    next()
    return
  }
  response.set('allow', 'GET, HEAD')
  throw new AppError('METHOD_NOT_ALLOWED')
}

/** The OpenAPI document in Swagger UI, at /docs/. */
export const mountDocs = (app: Express, openApi: object): void => {
  app.use('/docs', readsOnly, relaxedHeaders, ...swaggerUi.serve)
  app.get('/docs/', swaggerUi.setup(openApi, { customSiteTitle: 'Checkout API' }))
}
