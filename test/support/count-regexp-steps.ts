import { parseRegExpLiteral, type AST } from '@eslint-community/regexpp'

/** Goes on with the match at a place; false: it has to try otherwise. */
type Next = (at: number) => boolean

/**
 * Counts what a backtracking matcher does while it looks for all matches of a pattern in a text: each look at a
 * character, and each try of an assertion. V8 does the same, and does not tell.
 */
export function countRegExpSteps(pattern: RegExp, text: string): number {
  const { pattern: tree, flags } = parseRegExpLiteral(pattern)
  const subject = flags.ignoreCase ? text.toLowerCase() : text
  const fold = (code: number): number =>
    flags.ignoreCase ? (String.fromCodePoint(code).toLowerCase().codePointAt(0) ?? code) : code
  let steps = 0

  function consume(at: number, isMember: (code: number) => boolean, next: Next): boolean {
    steps += 1
    return at < subject.length && isMember(subject.charCodeAt(at)) && next(at + 1)
  }

  function oneOf(alternatives: readonly AST.Alternative[], at: number, next: Next): boolean {
    return alternatives.some(({ elements }) => sequence(elements, at, next))
  }

  function sequence(elements: readonly AST.Element[], at: number, next: Next): boolean {
    const [first, ...rest] = elements
    return first === undefined ? next(at) : match(first, at, (end) => sequence(rest, end, next))
  }

  function repeat(
    { element, min, max }: AST.Quantifier,
    at: number,
    next: Next,
    done = 0,
  ): boolean {
    const again: Next = (end) =>
      end > at && repeat({ element, min, max } as AST.Quantifier, end, next, done + 1)
    return (done < max && match(element, at, again)) || (done >= min && next(at))
  }

  function holds(assertion: AST.Assertion, at: number): boolean {
    steps += 1
    switch (assertion.kind) {
      case 'start':
        return at === 0
      case 'end':
        return at === subject.length
      case 'word':
        return (isWord(subject[at - 1]) !== isWord(subject[at])) !== assertion.negate
      case 'lookahead':
        return oneOf(assertion.alternatives, at, () => true) !== assertion.negate
      case 'lookbehind':
        // One character, as ours have.
        return (at > 0 && oneOf(assertion.alternatives, at - 1, () => true)) !== assertion.negate
    }
  }

  function match(node: AST.Element, at: number, next: Next): boolean {
    switch (node.type) {
      case 'Character':
        return consume(at, (code) => code === fold(node.value), next)
      case 'CharacterSet':
      case 'CharacterClass': {
        const single = new RegExp(node.raw, flags.ignoreCase ? 'i' : '')
        return consume(at, (code) => single.test(String.fromCharCode(code)), next)
      }
      case 'Quantifier':
        return repeat(node, at, next)
      case 'Group':
      case 'CapturingGroup':
        return oneOf(node.alternatives, at, next)
      case 'Assertion':
        return holds(node, at) && next(at)
      default:
        throw new TypeError(`not counted: ${node.raw}`)
    }
  }

  for (let start = 0; start <= subject.length;) {
    let end = start
    const isMatch = oneOf(tree.alternatives, start, (at) => {
      end = at
      return true
    })
    start = isMatch ? Math.max(end, start + 1) : start + 1
  }
  return steps
}

function isWord(sign: string | undefined): boolean {
  return sign !== undefined && /\w/.test(sign)
}
