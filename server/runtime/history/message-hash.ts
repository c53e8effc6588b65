// A number for an incident's message, so that the same failure of many instances can be found by it. The well-known
// 31-polynomial over UTF-16 code units, as 32-bit integer: clients compute it from the text themselves.

export function hashMessage(message: string): number {
  let hash = 0;
  for (let index = 0; index < message.length; index += 1) {
    hash = (Math.imul(31, hash) + message.charCodeAt(index)) | 0;
  }
  return hash;
}
