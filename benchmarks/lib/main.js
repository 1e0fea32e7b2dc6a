// Runs the benchmarks that are named, all of them without a name. Exits with 1 if a check failed.

const names = [
  'start', 'read-one', 'list-embeds', 'counted-page', 'insert', 'bulk-insert', 'stream', 'hook', 'functions',
  'cold-start', 'density', 'fair-share', 'documents', 'indexed-documents', 'live', 'dump', 'metering', 'planning',
];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`benchmarks: there is no ${unknown.join(', ')}; there are ${names.join(', ')}`);
  process.exit(2);
}

for (const name of asked.length > 0 ? asked : names) {
  console.error(`${name}:`);
  const { run } = await import(`../cases/${name}.js`);
  try {
    if ((await run()) === false) {
      console.error(`${name}: the check failed`);
      process.exitCode = 1;
    }
  } catch (failure) {
    console.error(`${name}:`, failure);
    process.exitCode = 1;
  }
}
process.exit();
