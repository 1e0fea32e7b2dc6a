// A page of documentation as a program: its `ts` blocks below `<!-- tested -->` are one module, in which `basalt` is a client with
// the secret key, and `// prints …` says what it prints, line by line.

const PRINTS = '// prints ';

/** The program of a page and what the page says that it prints. */
export function program(markdown) {
  const lines = [];
  let tested = false;
  let inside = false;
  for (const line of markdown.split('\n')) {
    if (inside && line === '```') inside = false;
    else if (inside) lines.push(line);
    else if (tested && line === '```ts') [inside, tested] = [true, false];
    else tested = line === '<!-- tested -->' || (tested && line === '');
  }
  if (inside) throw new Error('a tested block does not end');
  const promised = lines.filter((line) => line.startsWith(PRINTS)).map((line) => line.slice(PRINTS.length));
  return { code: once(lines).join('\n'), promised: promised.join('\n') };
}

/** Each name is imported once, wherever the page says so again. */
function once(lines) {
  const names = new Set();
  const rest = lines.filter((line) => {
    const imported = /^import \{ (.*) \} from '@basalt\/sdk';?$/.exec(line);
    imported?.[1].split(', ').forEach((name) => names.add(name));
    return !imported;
  });
  names.add('createClient');
  return [
    `import { ${[...names].join(', ')} } from '@basalt/sdk';`,
    'declare const process: { env: Record<string, string> };',
    "const basalt = createClient(process.env['BASALT_URL']!, process.env['BASALT_SECRET_KEY']!);",
    ...rest,
  ];
}
