/** Any value JSON can hold. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Settings of one app, by their wire name (`az_app_id`, `signin_success`, `security.hosturl_aliases`, …). */
export type SettingValues = Readonly<Record<string, Json>>
