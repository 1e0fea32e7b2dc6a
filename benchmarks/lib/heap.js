// The Java heap of a running Basalt.

/** What is in use of it, garbage included, in MiB, by its metrics. */
export async function heap(basalt) {
  const text = await (await fetch(`${basalt.url}/q/metrics`)).text();
  const used = text.matchAll(/^jvm_memory_used_bytes\{area="heap".*\} (.*)$/gm);
  return [...used].reduce((sum, [, bytes]) => sum + Number(bytes), 0) / 2 ** 20;
}

/** Runs `work`; answers its result and the most heap that was in use meanwhile. */
export async function withHeap(basalt, work) {
  let most = 0;
  let over = false;
  const watch = (async () => {
    while (!over) {
      most = Math.max(most, await heap(basalt));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  try {
    return { result: await work(), most };
  } finally {
    over = true;
    await watch;
  }
}

/** The most heap in use in five seconds in which nothing is asked of it. */
export async function idleHeap(basalt) {
  return (await withHeap(basalt, () => new Promise((resolve) => setTimeout(resolve, 5000)))).most;
}
