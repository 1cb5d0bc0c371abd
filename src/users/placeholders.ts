import type { User } from './user'

/** Stands for the name of a user whom Amazon has named none. */
export const NO_NAME = 'No Name'

/** Stands for the email of a user of whom Amazon tells none. */
export function placeholderEmail(id: string): string {
  return `${id}@amazon.com`
}

/** Name and email as somebody has told them. */
export function toldDetails({ id, name, email }: User): { name?: string; email?: string } {
  return {
    ...(name !== NO_NAME && { name }),
    ...(email !== placeholderEmail(id) && { email }),
  }
}
