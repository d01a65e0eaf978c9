/** A `Date` whose present is off by so much; instants that it is told stay what they are. */
export const dateOff = (rightDate: DateConstructor, offMs: number): DateConstructor =>
  new Proxy(rightDate, {
    construct: (target, args: [], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [rightDate.now() + offMs] : args, newTarget) as Date,
    get: (target, name, receiver) =>
      name === 'now' ? () => rightDate.now() + offMs : (Reflect.get(target, name, receiver) as unknown),
  })

// Preloaded into a replica, so that it runs as on a host whose clock is wrong.
if (process.env.WRONG_CLOCK_MS !== undefined) globalThis.Date = dateOff(Date, Number(process.env.WRONG_CLOCK_MS))
