/**
 * Makes `<button data-copy="id of an element" hidden>` copy the text of that element, and say so. Hidden where it cannot.
 */
export const COPY = `
for (const button of document.querySelectorAll('button[data-copy]')) {
  if (!navigator.clipboard) continue
  button.hidden = false
  button.addEventListener('click', async () => {
    const shown = document.getElementById(button.dataset.copy)
    await navigator.clipboard.writeText(shown.value ?? shown.textContent)
    const text = button.textContent
    button.textContent = button.dataset.copied
    setTimeout(() => { button.textContent = text }, 2000)
  })
}
`
