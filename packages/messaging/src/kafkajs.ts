import { createRequire } from 'node:module'

/** What we have to know of the inside of kafkajs 2.2.4: requests that wait for a free place on one connection to a broker. */
type RequestQueue = { readonly pending: readonly unknown[]; scheduleCheckPendingRequests(): void }

const require = createRequire(import.meta.url)
const { prototype } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue }
const { scheduleCheckPendingRequests } = prototype

// kafkajs looks for waiting requests by a timer that sets itself again even when none waits, to a time in the past: each connection
// wakes its process a thousand times a second (https://github.com/tulios/kafkajs/issues/1751). Whoever lets a request wait sets the
// timer, so it need not run before.
prototype.scheduleCheckPendingRequests = function schedule(this: RequestQueue) {
  if (this.pending.length > 0) scheduleCheckPendingRequests.call(this)
}

export * from 'kafkajs'
