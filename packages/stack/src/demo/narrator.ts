import { styleText } from 'node:util'

/** Where something happened. */
export type Place = 'HTTP' | 'Kafka' | 'Toss' | 'MongoDB' | 'Buyer'

/** A step that did not end as it should; the message says what was expected and what was found. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed'
}

/** Tells the story on the terminal and keeps count of how it goes. */
export interface Narrator {
  /**
   * Plays one step under its title. False when it failed: what builds on it makes no sense then.
   */
  readonly step: (title: string, play: () => Promise<void>) => Promise<boolean>
  /** A step that is not played, because one that it builds on has failed. */
  readonly skip: (title: string) => void
  readonly happened: (place: Place, what: string) => void
  /** Something that was checked and holds. */
  readonly holds: (what: string) => void
  readonly note: (what: string) => void
  /** The last words, and the exit code. */
  readonly end: () => number
}

type Style = 'bold' | 'dim' | 'green' | 'red' | 'cyan' | 'yellow' | 'magenta' | 'blue'

const styles: Readonly<Record<Place, Style>> = {
  HTTP: 'cyan',
  Kafka: 'yellow',
  Toss: 'magenta',
  MongoDB: 'blue',
  Buyer: 'bold',
}

export function createNarrator(write: (line: string) => void): Narrator {
  // hasColors knows NO_COLOR, FORCE_COLOR and terminals that have none; a pipe has no such method.
  const isColored = process.stdout.isTTY && process.stdout.hasColors()
  const paint = (style: Style, text: string) => (isColored ? styleText(style, text) : text)
  const startedAt = performance.now()
  let number = 0
  let failures = 0
  const titled = (title: string) => {
    number += 1
    return `\n${paint('bold', `${number}. ${title}`)}`
  }
  return {
    step: async (title, play) => {
      write(titled(title))
      try {
        await play()
        return true
      } catch (error) {
        failures += 1
        // Of an expectation the sentence is enough; anything else is a fault whose place matters.
        write(`   ${paint('red', `✗ ${error instanceof StepFailed ? error.message : describe(error)}`)}`)
        return false
      }
    },
    skip: (title) => {
      failures += 1
      write(titled(title))
      write(`   ${paint('red', '✗ not played, because a step before it failed')}`)
    },
    happened: (place, what) => write(`   ${paint(styles[place], place.padEnd(8))} ${what}`),
    holds: (what) => write(`   ${paint('green', `✓ ${what}`)}`),
    note: (what) => write(`   ${paint('dim', what)}`),
    end: () => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
      const words = `${number - failures} of ${number} steps ended as they should, after ${seconds} s`
      write(`\n${paint(failures === 0 ? 'green' : 'red', words)}`)
      return failures === 0 ? 0 : 1
    },
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
