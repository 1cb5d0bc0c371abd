/** Any value JSON can hold. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Settings of one app, by their wire name (`az_app_id`, `signin_success`, `security.hosturl_aliases`, …). */
export type SettingValues = Readonly<Record<string, Json>>

/** Settings without a prototype, so that no name finds anything but what was set. */
export function settingsFrom(entries: Iterable<readonly [string, Json]>): SettingValues {
  const settings = Object.create(null) as Record<string, Json>
  for (const [name, value] of entries) settings[name] = value
  return settings
}

/** The value of a setting as somebody wrote it: JSON; what is not JSON is text, so `shop.example` needs no quotes. */
export function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
