/** Visible ASCII: what may travel in a header. Amazon documents at most 2048 bytes. */
export const ACCESS_TOKEN = /^[\x21-\x7e]{1,4096}$/
