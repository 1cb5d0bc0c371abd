/** The page's only script. Where it does not run, the buttons stay hidden. */
export const COPY_SCRIPT = `
for (const button of navigator.clipboard ? document.querySelectorAll('[data-copy]') : []) {
  button.hidden = false
  button.addEventListener('click', async () => {
    const code = document.getElementById(button.dataset.copy).textContent
    await navigator.clipboard.writeText(code).then(
      () => { button.textContent = 'Copied' },
      () => { button.textContent = 'Could not copy: select the lines instead' },
    )
    setTimeout(() => { button.textContent = 'Copy' }, 2000)
  })
}
`
