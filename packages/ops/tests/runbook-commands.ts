/**
 * The operators' commands in the shell blocks of a page, as the arguments that the program gets. `$NAMES` are replaced by their
 * values, or by a word of their own where no value is given.
 */
export const commandLines = (page: string, values: Readonly<Record<string, string>> = {}): string[][] => {
  const blocks = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block)
  return blocks
    .flatMap((block) => block.replaceAll(/\\\n\s*/g, ' ').split('\n'))
    .flatMap((line) => /(?:^|\s)npm run ops -- (?<command>[^|;#]*)/.exec(line)?.groups?.command ?? [])
    .map((command) =>
      [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare = '']) =>
        (double ?? single ?? bare).replaceAll(
          /\$([A-Z]+)/g,
          (_all, name: string) => values[name] ?? `a-${name.toLowerCase()}`,
        ),
      ),
    )
}
