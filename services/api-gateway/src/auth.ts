/** Who asks; a guest has no user. */
export type Asker = { readonly userId?: string }

/** AUTH_MODE=open: whoever names a user is believed, and whoever knows an order's id may pay, cancel or fail it. */
export const whoAsks = (claimedUserId: string | undefined): Asker =>
  claimedUserId === undefined ? {} : { userId: claimedUserId }
