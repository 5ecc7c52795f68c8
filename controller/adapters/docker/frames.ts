/**
 * The Engine's framing of what containers write: a head of eight bytes (stream 0 to 2, three zero bytes, length), then
 * the text. Containers with a terminal write without it. Pure.
 */

const headBytes = 8;

/** The texts of the frames, in order; the whole as one where there are no frames. A torn last frame is kept as far as it goes. */
export function readFrames(answer: Buffer): readonly string[] {
  if (!isHead(answer, 0)) return answer.length === 0 ? [] : [answer.toString('utf8')];
  const texts: string[] = [];
  let at = 0;
  while (isHead(answer, at)) {
    const from = at + headBytes;
    const to = from + answer.readUInt32BE(at + 4);
    texts.push(answer.subarray(from, to).toString('utf8'));
    at = to;
  }
  return texts;
}

function isHead(answer: Buffer, at: number): boolean {
  if (answer.length < at + headBytes) return false;
  const stream = answer[at] ?? Number.NaN;
  return stream <= 2 && answer[at + 1] === 0 && answer[at + 2] === 0 && answer[at + 3] === 0;
}
