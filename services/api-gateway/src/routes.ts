import type { Route } from './route.ts'
import { orderRoutes } from './routes/orders.ts'
import { paymentRoutes } from './routes/payments.ts'
import { productRoutes } from './routes/products.ts'

/** All of the API, in the order in which it is matched and documented. */
export const routes: readonly Route[] = [...productRoutes, ...orderRoutes, ...paymentRoutes]
