/** A number and its noun, for people: `1 user`, `2 users`, `0 users`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
