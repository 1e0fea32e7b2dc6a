// Whether what concurrent commits left is explained by some order of them.

/**
 * Looks for an order in which each commit sees, of the documents it is about, what the ones before it left, and after which the
 * documents are as they were found.
 *
 * @param {Record<string, string | null>} state the documents before
 * @param {{saw: Record<string, string | null>, effect: Record<string, string | null>}[]} commits all that were answered
 * @param {Record<string, string | null>} end the documents after
 */
export function explained(state, commits, end) {
  const dead = new Set();
  const go = (now, left) => {
    if (left.length === 0) return Object.keys(end).every((id) => now[id] === end[id]);
    const key = JSON.stringify([now, left]);
    if (dead.has(key)) return false;
    for (const i of left) {
      const { saw, effect } = commits[i];
      if (Object.keys(saw).every((id) => saw[id] === now[id]) && go({ ...now, ...effect }, left.filter((other) => other !== i))) return true;
    }
    dead.add(key);
    return false;
  };
  return go(state, commits.map((_, i) => i));
}
