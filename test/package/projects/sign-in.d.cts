export function signIn(express: object, auth: object, emulator: object): Promise<string>
