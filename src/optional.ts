/** As `Partial`; what is left out may be undefined too, as a variable that is not set. */
export type Optional<T> = { readonly [Name in keyof T]?: T[Name] | undefined }
