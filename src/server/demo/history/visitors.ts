/** Somebody made up, who has been to the shops before the demo was started. */
export interface Visitor {
  /** As Amazon would name the account. */
  readonly identifier: string
  readonly name: string
  readonly email: string
}

const NAMES = [
  'Aiko Tanabe',
  'Amara Okoye',
  'Anton Reuter',
  'Beatriz Salgado',
  'Björn Halvorsen',
  'Camille Perrin',
  'Chidi Eze',
  'Daria Kowalska',
  'Elena Marchetti',
  'Farid Haddad',
  'Greta Sandoval',
  'Hugo Lefèvre',
  'Imani Mwangi',
  'Ines Carvalho',
  'Jonas Petersen',
  'Katya Morozova',
  'Lars Nyström',
  'Leila Farouk',
  'Mateo Iglesias',
  'Mei Lin',
  'Milo Brandt',
  'Nadia Rahman',
  'Noah Whitfield',
  'Olu Adeyemi',
  'Priya Raman',
  'Rosa Delgado',
  'Sven Lindgren',
  'Tomás Novák',
  'Yara Nasser',
  'Zofia Wójcik',
]

export const VISITORS: readonly Visitor[] = NAMES.map((name, at) => ({
  identifier: `az:amzn1.account.MADE2UP3VISITOR4${String(at + 1).padStart(4, '0')}`,
  name,
  email: `${plain(name)}@example.com`,
}))

/** Was locked, and has tried since. */
export const LOCKED_VISITOR = 'Milo Brandt'

function plain(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\W+/g, '.')
}
