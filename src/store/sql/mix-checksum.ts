/** Adds a digest to a checksum by exclusive or, so that the order of what is summed up makes no difference. */
export function mixChecksum(checksum: Buffer, digest: Buffer): void {
  for (const [index, byte] of digest.entries()) {
    checksum.writeUInt8(checksum.readUInt8(index) ^ byte, index)
  }
}
