// What the cases are written with. Runs in Basalt and in workerd, so it uses nothing but the language and the web.

/** The name of what `action` throws or rejects with; 'nothing' when it does not. */
export async function thrown(action) {
  try {
    await action();
  } catch (error) {
    return error instanceof Error ? error.name : error;
  }
  return 'nothing';
}

export const utf8 = (text) => new TextEncoder().encode(text);
export const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16));
export const hex = (buffer) =>
  Array.from(ArrayBuffer.isView(buffer) ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer),
    (byte) => byte.toString(16).padStart(2, '0')).join('');

/** All chunks of a stream. */
export async function drain(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

/** A stream of the values, one a pull. */
export function streamOf(...values) {
  const left = [...values];
  return new ReadableStream({
    pull(to) {
      if (left.length === 0) to.close();
      else to.enqueue(left.shift());
    },
  });
}

export const response = (body, type) => new Response(body, { headers: { 'content-type': type } });
