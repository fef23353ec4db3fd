// Reads the referee's check files and prints one line a scenario and a total.
// Started by run.sh; exit status 0 when every scored scenario passed (or was allowed to fail).
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const option = {};
for (let i = 2; i < process.argv.length; i += 2) {
  option[process.argv[i].slice(2)] = process.argv[i + 1];
}

// The requirement files use little of YAML: lists of names under a key, and under `not_scored`
// a list of maps with `scenario`, `leg` and `reason`.
function requirements(file) {
  if (!existsSync(file)) return null;
  const scored = [];
  const unscored = new Map();
  let section = '';
  let entry = null;
  const keep = () => {
    if (entry?.leg === 'server') unscored.set(entry.scenario, entry.reason);
    entry = null;
  };
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (!line.trim() || /^\s*#/.test(line)) continue;
    const key = /^([a-z_]+):\s*$/.exec(line);
    if (key) {
      keep();
      section = key[1];
    } else if (section === 'server') {
      const name = /^\s*-\s+(\S+)\s*$/.exec(line);
      if (name) scored.push(name[1]);
    } else if (section === 'not_scored') {
      const first = /^\s*-\s+scenario:\s*(\S+)/.exec(line);
      const field = /^\s+(leg|reason):\s*(\S+)/.exec(line);
      if (first) {
        keep();
        entry = { scenario: first[1] };
      } else if (field && entry) {
        entry[field[1]] = field[2];
      }
    }
  }
  keep();
  return { scored, unscored };
}

// Every scenario that ran left a directory `server-NAME-TIMESTAMP` with its checks.
function results(raw) {
  const found = new Map();
  for (const directory of existsSync(raw) ? readdirSync(raw) : []) {
    const name = /^(?:server-)?(.+?)-\d{4}-\d\d-\d\dT/.exec(directory);
    const file = join(raw, directory, 'checks.json');
    if (name && existsSync(file)) found.set(name[1], JSON.parse(readFileSync(file, 'utf8')));
  }
  return found;
}

// What should have run, so that a scenario without a result is seen to fail.
function plan(known, found) {
  if (option.only) {
    return option.only.split(',').map((name) => [name, known?.unscored.get(name) ?? 'scored']);
  }
  if (known) return [...known.scored.map((name) => [name, 'scored']), ...known.unscored];
  // The old referee has no requirement files; its log names what it began.
  const log = readFileSync(option.log, 'utf8');
  const began = [...log.matchAll(/=== Running scenario: (\S+) ===/g)].map((match) => match[1]);
  return [...new Set([...began, ...found.keys()])].map((name) => [name, 'scored']);
}

// The referee passes a scenario in which nothing failed, even when all it has to say is a
// warning, or when nobody was listening (silence is valid against any schema). A scored
// scenario must therefore also have one success besides the schema check.
function judge(checks, scenario, kind) {
  const of = (status) => (checks ?? []).filter((check) => check.status === status);
  const [good, bad, warned] = [of('SUCCESS'), of('FAILURE'), of('WARNING')];
  const official = checks !== undefined && bad.length === 0;
  const real = good.some((check) => !check.id.startsWith('wire-schema'));
  const passed = official && (real || kind !== 'scored');
  const say = (list) => list.map((c) => `${c.id}: ${c.errorMessage ?? c.description}`).join(' | ');
  let why = '';
  if (!checks) why = 'no result';
  else if (bad.length) why = say(bad);
  else if (!passed) why = `nothing succeeded; ${say(warned)}`;
  else if (warned.length) why = say(warned);
  const counts = { succeeded: good.length, failed: bad.length, warnings: warned.length };
  return { verdict: passed ? 'PASS' : 'FAIL', scenario, kind, ...counts, official, why };
}

const known = requirements(join(option.package, 'requirements', `${option.revision}.yaml`));
const found = results(option.raw);
const rows = plan(known, found).map(([name, kind]) => judge(found.get(name), name, kind));
for (const row of rows) {
  const why = row.why.replace(/\s+/g, ' ').slice(0, 300);
  const cells = [row.verdict, row.scenario, row.kind, row.succeeded, row.failed, row.warnings, why];
  console.log(cells.join('\t'));
}

const allowed = new Set();
if (option.allow) {
  for (const line of readFileSync(option.allow, 'utf8').split('\n')) {
    const name = line.replace(/#.*/, '').trim();
    if (name) allowed.add(name);
  }
}
const scored = rows.filter((row) => row.kind === 'scored');
const passed = scored.filter((row) => row.verdict === 'PASS');
const failed = scored.filter((row) => row.verdict === 'FAIL');
// An allowance for something that passes is out of date, which is a failure as well.
const unexpected = failed.filter((row) => !allowed.has(row.scenario));
const stale = passed.filter((row) => allowed.has(row.scenario));
if (option.allow) {
  for (const row of unexpected) console.log(`UNEXPECTED\t${row.scenario}`);
  for (const row of stale) console.log(`STALE\t${row.scenario}`);
}

const lenient = scored.filter((row) => row.official).length;
const summary = {
  referee: option.referee,
  revision: option.revision,
  url: option.url,
  passed: passed.length,
  failed: failed.length,
  refereePassed: lenient,
  scenarios: rows,
};
writeFileSync(option.json, `${JSON.stringify(summary, null, 1)}\n`);
if (lenient !== passed.length) {
  console.log(`REFEREE\t${lenient} passed, ${scored.length - lenient} failed`);
}
console.log(`${passed.length} passed, ${failed.length} failed`);
process.exitCode = scored.length === 0 || unexpected.length || stale.length ? 1 : 0;
