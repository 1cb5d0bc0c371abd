import { html, type Html } from '../../html'

export interface FiguresTable {
  /** Of the chart. */
  readonly id: string
  /** On what opens it. */
  readonly summary: string
  readonly caption: Html | string
  readonly columns: readonly string[]
  readonly rows: readonly { readonly head: Html; readonly cells: readonly string[] }[]
}

/** The figures of a chart, for those who do not see it, and those who want to know exactly. */
export function figuresTable({ id, summary, caption, columns, rows }: FiguresTable): Html {
  const [first, ...others] = columns
  return html`<details>
    <summary>${summary}</summary>
    <div class="scroll" role="region" tabindex="0" aria-labelledby="${id}-table">
      <table class="table">
        <caption id="${id}-table">
          ${caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${first}</th>
            ${others.map((name) => html`<th class="number" scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ head, cells }) =>
              html`<tr>
                <th scope="row">${head}</th>
                ${cells.map((cell) => html`<td class="number">${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`
}
