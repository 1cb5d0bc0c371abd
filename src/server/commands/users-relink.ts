import { Command } from 'commander'

import { configOption } from '../load-command-config'
import { applyPairs, undoPairs } from '../relink/apply-pairs'
import { planPairs } from '../relink/plan-pairs'
import { readMoment } from '../read-moment'

const HELP = `
Amazon's ids of people change when an app moves to another developer company at Amazon: whoever signs in is a new user then.
1. plan writes a CSV file of old and new users with the same email. "apply" says yes where the names are the same too and
   nothing speaks against their being one person, else no, and "doubts" says why. Look at it in an editor or a
   spreadsheet, and decide: yes for everybody in one line at most.
2. apply gives each old user the new identifier; the new user's record is kept, locked, under another one. Sessions and
   tokens of the old user live on, those of the new one end. Servers may run. Cut off, it is run again with the same file.
3. undo gives both of each pair back what they had.
People who sign in for the first time after plan are in none of its pairs: run plan again some time later.

Examples:
  express-amazon-auth users relink plan shop --since 2026-11-01 --out pairs.csv
  express-amazon-auth users relink apply pairs.csv
  express-amazon-auth users relink undo pairs.csv`

export function relinkCommand(): Command {
  return new Command('relink')
    .description('bring users back to their records after all ids of Amazon have changed')
    .addCommand(planCommand())
    .addCommand(
      fileCommand('apply', 'give the old user of each pair the new identifier').action(applyPairs),
    )
    .addCommand(
      fileCommand('undo', 'give both users of each pair back what they had').action(undoPairs),
    )
    .addHelpText('after', HELP)
}

function planCommand(): Command {
  return new Command('plan')
    .description('write pairs of old and new users with the same email; changes nothing')
    .argument('<app>', 'name of the app')
    .requiredOption(
      '--since <time>',
      'when the ids changed: users made before are old. A date, with a time (UTC) or without, or 2h, 7d ago',
      readMoment,
    )
    .requiredOption('-o, --out <file>', 'where to; - is standard output')
    .option('-f, --force', 'replace the file if it is there')
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(planPairs)
}

function fileCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<file>', 'file of relink plan, as it was reviewed')
    .option('-y, --yes', 'do it without asking')
    .addOption(configOption())
    .addHelpText('after', HELP)
}
