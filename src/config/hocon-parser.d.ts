/** The part of `@pushcorn/hocon-parser` (which ships no types) that parse-hocon.ts and hocon-tokens.ts use. */
declare module '@pushcorn/hocon-parser' {
  export class Context {
    constructor(options: { strict: boolean; env: boolean; scope: object })
    createNode<T>(type: new (parent: unknown, context: unknown) => T): T
    createContext(): never
    parseData(text: string): unknown
  }

  export interface HoconNode {
    append(...tokens: readonly unknown[]): HoconNode
    resolve(): Promise<unknown>
  }

  export function getClass(name: 'core.Token'): HoconTokenClass
  export function getClass(
    name: 'core.Tokenizer',
  ): new (file: string) => { tokenize(text: string, strict: boolean): HoconToken[] }
  export function getClass(
    name: 'nodes.ObjectNode',
  ): new (
    parent: unknown,
    context: unknown,
  ) => HoconNode & { checkUpdated(): boolean; readonly $: { readonly scope: unknown } }

  export interface HoconToken {
    type: symbol
    value: unknown
    quoted: boolean
    readonly line: number
    readonly file: string
  }

  export interface HoconTokenClass {
    new (
      type: symbol,
      value: string,
      line: number,
      column: number,
      quoted: boolean,
      file: string,
    ): HoconToken
    readonly TYPE: Readonly<
      Record<
        | 'COMMA'
        | 'ASSIGN'
        | 'OPEN_CURLY'
        | 'CLOSE_CURLY'
        | 'OPEN_SQUARE'
        | 'CLOSE_SQUARE'
        | 'VALUE'
        | 'NEWLINE'
        | 'WHITESPACE'
        | 'SUBSTITUTION'
        | 'COMMENT'
        | 'PIPE',
        symbol
      >
    >
  }
}
