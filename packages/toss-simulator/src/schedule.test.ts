import { describe, expect, it } from '@jest/globals'
import { Schedule } from './schedule.ts'

function drained(schedule: Schedule): number[] {
  const times: number[] = []
  for (let next = schedule.first(); next; next = schedule.first()) {
    times.push(next.dueAtMs)
    schedule.remove(next)
  }
  return times
}

/** Looks drawn, and is the same in each run. */
const shuffled = Array.from({ length: 1_000 }, (_, index) => (index * 7_919) % 1_009)

describe('a schedule', () => {
  it('gives everything back soonest first', () => {
    const schedule = new Schedule()
    for (const dueAtMs of shuffled) schedule.add(dueAtMs, () => undefined)
    expect(drained(schedule)).toEqual(shuffled.toSorted((a, b) => a - b))
    expect(schedule.size).toBe(0)
  })

  it('keeps its order when any part of it is taken out', () => {
    const schedule = new Schedule()
    const entries = shuffled.map((dueAtMs) => schedule.add(dueAtMs, () => undefined))
    for (const [index, entry] of entries.entries()) if (index % 3 !== 0) schedule.remove(entry)
    const kept = shuffled.filter((_, index) => index % 3 === 0)
    expect(drained(schedule)).toEqual(kept.toSorted((a, b) => a - b))
  })

  it('equal times come in the order in which they were added', () => {
    const schedule = new Schedule()
    const said: number[] = []
    for (let index = 0; index < 50; index += 1) schedule.add(7, () => said.push(index))
    for (let next = schedule.first(); next; next = schedule.first()) {
      schedule.remove(next)
      next.run()
    }
    expect(said).toEqual(Array.from({ length: 50 }, (_, index) => index))
  })

  it('what is taken out twice takes nothing else with it', () => {
    const schedule = new Schedule()
    const one = schedule.add(1, () => undefined)
    schedule.add(2, () => undefined)
    schedule.remove(one)
    schedule.remove(one)
    expect(drained(schedule)).toEqual([2])
  })
})
