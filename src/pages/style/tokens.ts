/**
 * The names that all pages take their colours, spaces and type from, light and dark. A page that wants another accent overrides
 * the token, not the rules. Each text has 4.5 to 1 on each ground it may stand on, which a test works out:
 * `--ink` and `--soft` on all of them, `--accent`, `--good`, `--warn` and `--alarm` on `--ground`, `--card` and their own tint.
 */
export const TOKENS = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --card: #fff; --ink: #1d2433; --soft: #545d70; --line: #d9dee8; --edge: #7a8394; --code: #eef0f4;
  --accent: #1f4fd8; --accent-ink: #fff; --tint: #e9effd;
  --good: #19693c; --good-tint: #e3f4e9; --warn: #7a4b00; --warn-tint: #fdf1d6; --alarm: #a81c2f; --alarm-tint: #fdebed;
  --space-1: .25rem; --space-2: .5rem; --space-3: .75rem; --space-4: 1rem; --space-5: 1.5rem; --space-6: 2rem;
  --radius-small: .3rem; --radius: .6rem; --radius-large: 1rem;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; --mono: ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11141b; --card: #1a1f2a; --ink: #e9ecf3; --soft: #a9b2c4; --line: #343c4c; --edge: #7d889c; --code: #242b38;
    --accent: #9db8ff; --accent-ink: #10182e; --tint: #222c45;
    --good: #7fd6a3; --good-tint: #173326; --warn: #f0c266; --warn-tint: #3a2d12; --alarm: #ffabb2; --alarm-tint: #40202a;
  }
}
`
