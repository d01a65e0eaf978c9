import { keepers } from '../connect.ts'
import type { Register } from '../tools.ts'

/** Who the token is, as each service sees it: the first thing to try when a command is not allowed. */
export const whoami: Register = (program, { connect, print }) => {
  program
    .command('whoami')
    .description('who you are to the services: your name and role by OPERATOR_TOKEN')
    .addHelpText('after', '\nExample:\n  npm run ops -- whoami')
    .action(async () => {
      const rows = await Promise.all(
        keepers.map(async (service) => {
          const { name, role } = await connect.admin(service).WhoAmI({}, connect.call())
          return { service, name, role }
        }),
      )
      print.table(
        rows,
        [
          { title: 'SERVICE', of: ({ service }) => service },
          { title: 'NAME', of: ({ name }) => name },
          { title: 'ROLE', of: ({ role }) => role },
        ],
        { none: '' },
      )
    })
}
