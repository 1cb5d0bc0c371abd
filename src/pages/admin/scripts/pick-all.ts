/** Shows `<input type="checkbox" data-pick-all hidden>`, which ticks all boxes of its form, or none. */
export const PICK_ALL = `
for (const all of document.querySelectorAll('input[data-pick-all]')) {
  const boxes = [...all.form.querySelectorAll('input[type=checkbox]:not([data-pick-all])')]
  const tell = () => {
    const picked = boxes.filter((box) => box.checked).length
    all.checked = picked === boxes.length
    all.indeterminate = picked > 0 && picked < boxes.length
  }
  all.hidden = false
  all.addEventListener('change', () => { for (const box of boxes) box.checked = all.checked })
  for (const box of boxes) box.addEventListener('change', tell)
  tell()
}
`
