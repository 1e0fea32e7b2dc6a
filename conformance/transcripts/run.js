#!/usr/bin/env node
// Runs the documentation: every fenced `console` block of the given Markdown files (README.md and docs/**/*.md unless
// some are named) that stands below a line `<!-- tested -->`. Exits with 1 when an answer differs from what the page says.
//
// A block reads like a terminal. A line that begins with `$ ` is a command (continued by a backslash at its end or by the
// lines of an open quote); the lines below it are what it prints.
//   - Commands run in one `sh` per page, from top to bottom, so that a variable set in one block is there in the next.
//     BASALT_URL, BASALT_PUBLISHABLE_KEY and BASALT_SECRET_KEY are set; the working directory is a temporary one.
//   - In what is shown, `…` stands for any text, also over several lines. Spaces around lines do not matter.
//   - Where both are JSON they are compared as values: key order and layout do not matter, `"…"` (or an `…` inside a
//     string) stands for anything of that place, and an object that ends in `"…": "…"` may hold more keys.
//   - A command without output below it has to succeed, whatever it prints.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The steps of a page: `{line, command, shown}`. */
export function steps(markdown) {
  const found = [];
  let tested = false;
  let inside = false;
  let step;
  markdown.split('\n').forEach((text, index) => {
    if (!inside) {
      if (text.trim() === '<!-- tested -->') tested = true;
      else if (tested && text.trim() === '```console') inside = true;
      else if (text.trim() !== '') tested = false;
      return;
    }
    if (text.trim() === '```') {
      inside = false;
      tested = false;
      step = undefined;
    } else if (text.startsWith('$ ')) {
      step = { line: index + 1, command: text.slice(2), shown: [] };
      found.push(step);
    } else if (step && step.shown.length === 0 && (step.command.endsWith('\\') || openQuote(step.command))) {
      step.command += '\n' + text.replace(/^> ?/, '');
    } else if (step) step.shown.push(text);
    else throw new Error(`line ${index + 1}: a tested block begins with "$ "`);
  });
  if (inside) throw new Error('a tested block does not end');
  return found.map((one) => ({ ...one, shown: one.shown.join('\n').trim() }));
}

const openQuote = (command) => {
  let quote = '';
  for (let i = 0; i < command.length; i++) {
    const c = command[i];
    if (c === '\\' && quote !== "'") i++;
    else if (quote === '' && (c === "'" || c === '"')) quote = c;
    else if (c === quote) quote = '';
  }
  return quote !== '';
};

const parsed = (text) => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

const pattern = (shown) =>
  new RegExp('^' + shown.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*') + '$', 'u');

/** Whether a JSON value is the one shown. */
const sameValue = (shown, got) => {
  if (typeof shown === 'string' && shown.includes('…')) {
    return shown === '…' || (typeof got === 'string' && pattern(shown).test(got));
  }
  if (Array.isArray(shown)) {
    if (!Array.isArray(got)) return false;
    if (shown.at(-1) === '…') return got.length >= shown.length - 1 && shown.slice(0, -1).every((one, i) => sameValue(one, got[i]));
    return got.length === shown.length && shown.every((one, i) => sameValue(one, got[i]));
  }
  if (shown !== null && typeof shown === 'object') {
    if (got === null || typeof got !== 'object' || Array.isArray(got)) return false;
    const { '…': more, ...named } = shown;
    return Object.keys(named).every((key) => key in got && sameValue(named[key], got[key]))
      && (more !== undefined || Object.keys(got).every((key) => key in named));
  }
  return Object.is(shown, got);
};

/** Whether what was printed is what the page shows. */
export function matches(shown, got) {
  const [left, right] = [parsed(shown), parsed(got)];
  if (left && right) return sameValue(left.value, right.value);
  const tidy = (text) => text.split('\n').map((line) => line.trim()).join('\n').trim();
  return pattern(tidy(shown)).test(tidy(got));
}

/** Runs the steps in one shell; answers what each printed. */
function execute(list, directory) {
  const mark = `--basalt-${process.pid}--`;
  const script = list.map(({ command }) => `${command}\nprintf '\\n${mark}%s\\n' "$?"\n`).join('');
  const shell = spawnSync('sh', ['-c', script], { cwd: directory, env: process.env, encoding: 'utf8', timeout: 120_000 });
  const parts = shell.stdout.split(new RegExp(`\\n${mark}(\\d+)\\n`));
  return list.map((_, i) => ({ output: parts[2 * i] ?? '', status: parts[2 * i + 1], stderr: shell.stderr }));
}

const markdownBelow = (directory) =>
  readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return markdownBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });

function main(files) {
  for (const name of ['BASALT_URL', 'BASALT_PUBLISHABLE_KEY', 'BASALT_SECRET_KEY']) {
    assert.ok(process.env[name], `${name} is not set: it names a running Basalt`);
  }
  const pages = files.length > 0 ? files : [join(root, 'README.md'), ...markdownBelow(join(root, 'docs'))];
  let ran = 0;
  let wrong = 0;
  for (const page of pages) {
    const list = steps(readFileSync(page, 'utf8'));
    if (list.length === 0) continue;
    const directory = mkdtempSync(join(tmpdir(), 'basalt-transcript-'));
    const answers = execute(list, directory);
    rmSync(directory, { recursive: true, force: true });
    list.forEach(({ line, command, shown }, i) => {
      ran++;
      const { output, status, stderr } = answers[i];
      if (shown === '' ? status === '0' : status !== undefined && matches(shown, output)) return;
      wrong++;
      console.error(`${relative(root, page)}:${line}: $ ${command}\n--- shown\n${shown}\n--- got (exit ${status})\n${output}\n${stderr}`);
    });
  }
  console.log(`transcripts: ${ran - wrong} of ${ran} commands answer as documented`);
  if (ran === 0 || wrong > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
