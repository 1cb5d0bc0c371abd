/** Empties what is shown once (`data-once`) when its page is left, so that going back brings none of it out of the memory of a browser. */
export const ONCE = `
addEventListener('pagehide', () => {
  for (const shown of document.querySelectorAll('[data-once]')) shown.textContent = ''
})
`
