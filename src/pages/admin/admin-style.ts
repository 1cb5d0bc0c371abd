/** The sheet of the pages for operators: what all pages share, and their frame. */
export const ADMIN_STYLE = `
:root { color-scheme: light dark; --ground: #f4f5f7; --card: #fff; --ink: #1d2433; --soft: #586174; --line: #d9dee8; --accent: #1f4fd8; --accent-ink: #fff; }
@media (prefers-color-scheme: dark) { :root { --ground: #11141b; --card: #1a1f2a; --ink: #e9ecf3; --soft: #a5aec0; --line: #343c4c; --accent: #9db8ff; --accent-ink: #10182e; } }
`
