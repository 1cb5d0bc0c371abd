/**
 * Whether every store keeps a text as it is: whole Unicode without NUL. A store writes UTF-8, which has no half characters
 * (lone surrogates): of two texts that differ in them alone it would make one.
 */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
