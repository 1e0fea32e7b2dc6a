// What processes cost, read from /proc.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** The fields of /proc/PID/stat from the state on; undefined if the process is gone. */
function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** The processes below and with one, without the trees in `except`. */
export function tree(root, except = []) {
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? stat(name) : undefined;
    if (fields) {
      const parent = Number(fields[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    }
  }
  const found = [];
  const visit = (pid) => {
    if (!except.includes(pid)) {
      found.push(pid);
      (children.get(pid) ?? []).forEach(visit);
    }
  };
  visit(root);
  return found;
}

/** Seconds of CPU that a tree has used so far, with the children that it has waited for. */
export function cpuSeconds(root, except = []) {
  let ticks = 0;
  for (const pid of tree(root, except)) {
    const fields = stat(pid);
    if (fields) {
      ticks += fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    }
  }
  return ticks / ticksPerSecond;
}

/** Resident MiB of one process. */
export function residentMiB(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

/** MiB of a tree, with memory that processes share counted once. */
export function proportionalMiB(root) {
  let kilobytes = 0;
  for (const pid of tree(root)) {
    try {
      kilobytes += Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
    } catch {
      // A backend that has ended meanwhile holds nothing.
    }
  }
  return kilobytes / 1024;
}

export const isAlive = (pid) => {
  const fields = stat(pid);
  return fields !== undefined && fields[0] !== 'Z';
};

/** Waits for a condition, with a deadline in milliseconds. */
export async function until(condition, what, deadline = 60_000) {
  const end = Date.now() + deadline;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error(`${what}: not within ${deadline} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
