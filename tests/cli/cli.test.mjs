// tests/cli/cli.test.mjs — the program `tacho` as people meet it.
//
// Spawns the real program (TACHO_BIN_DIR, else ../../build) over home folders made up here, with a
// fixed clock, and looks at stdout, stderr and the exit code. Everything in the logs is invented.
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const binDir = path.resolve(process.env.TACHO_BIN_DIR ?? path.join(here, '../../build'));
const tacho = path.join(binDir, 'tacho');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tacho-cli-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

const NOW = '2026-11-22T14:05:00Z'; // a Sunday
const LEDGER = '.local/share/tacho/tacho.db';

let homes = 0;
let home;
beforeEach(() => {
    home = path.join(scratch, `home-${++homes}`);
    fs.mkdirSync(home);
});

// ---- what a home folder holds ----

let ids = 0;
function response(at, model, usage, more = {}) {
    const id = `msg_${++ids}`;
    return {
        type: 'assistant', timestamp: at, sessionId: 's-1', requestId: `req_${id}`,
        isSidechain: false, cwd: '/work/shop', version: '9.9.9',
        message: { id, role: 'assistant', model, stop_reason: 'end_turn', usage }, ...more,
    };
}

function writeLog(lines, name = 's-1.jsonl') {
    const folder = path.join(home, '.claude/projects/-work-shop');
    fs.mkdirSync(folder, { recursive: true });
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    fs.appendFileSync(path.join(folder, name), text);
}

function writeUsualLog() {
    writeLog([
        { type: 'user', timestamp: '2026-11-20T09:00:00.000Z', message: { content: 'a question' } },
        response('2026-11-20T09:00:05.000Z', 'claude-opus-4-5-20251101',
            { input_tokens: 1000, output_tokens: 100, cache_read_input_tokens: 10000,
              cache_creation_input_tokens: 0 }),
        response('2026-11-21T23:30:00.000Z', 'claude-opus-4-5-20251101',
            { input_tokens: 2000, output_tokens: 200, cache_read_input_tokens: 0,
              cache_creation_input_tokens: 0 }),
        response('2026-11-22T10:00:00.000Z', 'claude-haiku-4-5-20251001',
            { input_tokens: 2000, output_tokens: 200, cache_read_input_tokens: 0,
              cache_creation_input_tokens: 1000,
              cache_creation: { ephemeral_5m_input_tokens: 400, ephemeral_1h_input_tokens: 600 } }),
        response('2026-11-22T11:00:00.000Z', 'heron-9',
            { input_tokens: 40, output_tokens: 10, cache_read_input_tokens: 0,
              cache_creation_input_tokens: 0 }),
    ]);
}

function writeConfig(text) {
    const folder = path.join(home, '.config/tacho');
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'config.json'), text);
}

// ---- running it ----

function run(args, { env = {}, program = tacho, stdio } = {}) {
    const done = spawnSync(program, ['--now', NOW, ...args], {
        env: { HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8', PATH: process.env.PATH, ...env },
        encoding: 'utf8', timeout: 60_000, stdio,
    });
    assert.equal(done.error, undefined);
    assert.equal(done.signal, null);
    return { code: done.status, out: done.stdout ?? '', err: done.stderr ?? '' };
}

function good(args, options) {
    const done = run(args, options);
    assert.equal(done.err, '');
    assert.equal(done.code, 0);
    return done.out;
}

const daily = (...args) => JSON.parse(good(['daily', '--json', ...args]));
const periods = (report) => report.daily.map((row) => row.period);

// ---- reports ----

test('daily draws a table with totals', () => {
    writeUsualLog();
    assert.equal(good(['daily']), `\
Date        Models              Input  Output  Cache write  Cache read   Total     Cost
───────────────────────────────────────────────────────────────────────────────────────
2026-11-20  opus-4-5            1,000     100            0      10,000  11,100    $0.01
2026-11-21  opus-4-5            2,000     200            0           0   2,200    $0.02
2026-11-22  haiku-4-5, heron-9  2,040     210        1,000           0   3,250  <$0.01+
───────────────────────────────────────────────────────────────────────────────────────
Total                           5,040     510        1,000      10,000  16,550   $0.03+
+ 50 tokens have no known price
add a price to the configuration: "prices": {"heron-9": {"input": 3, "output": 15}}
`);
});

test('daily --json has the keys that scripts know, and exact money', () => {
    writeUsualLog();
    const report = daily();
    assert.deepEqual(periods(report), ['2026-11-20', '2026-11-21', '2026-11-22']);
    assert.deepEqual(report.daily[2], {
        agent: 'all', cacheCreationTokens: 1000, cacheReadTokens: 0, inputTokens: 2040,
        metadata: { agents: ['claude'] },
        modelBreakdowns: [
            { cacheCreationTokens: 1000, cacheReadTokens: 0, cost: 0.0047, inputTokens: 2000,
              modelName: 'claude-haiku-4-5-20251001', outputTokens: 200, agent: 'claude',
              unpriced: false, unpricedTokens: 0 },
            { cacheCreationTokens: 0, cacheReadTokens: 0, cost: 0, inputTokens: 40,
              missingPricing: true, modelName: 'heron-9', outputTokens: 10, agent: 'claude', unpriced: true,
              unpricedTokens: 50 },
        ],
        modelsUsed: ['claude-haiku-4-5-20251001', 'heron-9'],
        outputTokens: 210, period: '2026-11-22', totalCost: 0.0047, totalTokens: 3250,
        reasoningTokens: 0, cacheCreation1hTokens: 600, webSearches: 0, events: 2,
        loggedCost: null, unpriced: true, unpricedTokens: 50,
    });
    assert.deepEqual(report.totals, {
        cacheCreationTokens: 1000, cacheReadTokens: 10000, inputTokens: 5040, outputTokens: 510,
        totalCost: 0.0322, totalTokens: 16550, reasoningTokens: 0, cacheCreation1hTokens: 600,
        webSearches: 0, events: 4, loggedCost: null, unpriced: true, unpricedTokens: 50,
        unpricedModels: ['heron-9'],
    });
    assert.equal(report.timezone, 'UTC');
    assert.equal(report.complete, true);
});

test('what was read once is not counted again, what is new is', () => {
    writeUsualLog();
    const first = good(['daily', '--json']);
    assert.equal(good(['daily', '--json']), first);
    writeLog([response('2026-11-22T12:00:00.000Z', 'claude-haiku-4-5-20251001',
        { input_tokens: 7, output_tokens: 1 })]);
    assert.equal(daily().totals.totalTokens, 16558);
});

test('days are cut in the zone that was asked for, and a table says so', () => {
    writeUsualLog();
    assert.deepEqual(periods(daily('--timezone', 'Asia/Tokyo')), ['2026-11-20', '2026-11-22']);
    assert.match(good(['daily', '--timezone', 'Asia/Tokyo']), /Days are those of Asia\/Tokyo\.\n$/);
    assert.doesNotMatch(good(['daily', '--timezone', 'UTC']), /Days are those/);
});

for (const [args, want] of [
    [['--since', '2026-11-21'], ['2026-11-21', '2026-11-22']],
    [['--since', '20261121', '--until', '20261121'], ['2026-11-21']],
    [['--since', 'today'], ['2026-11-22']],
    [['--since', 'yesterday', '--until', 'yesterday'], ['2026-11-21']],
    [['--since', '2d'], ['2026-11-21', '2026-11-22']],
    [['--until', '2026-11-20'], ['2026-11-20']],
    [['--order', 'desc'], ['2026-11-22', '2026-11-21', '2026-11-20']],
    [['--order', 'desc', '--limit', '1'], ['2026-11-22']],
    [['--since', '2026-12-01'], []],
]) {
    test(`daily ${args.join(' ')} shows ${want.join(', ') || 'nothing'}`, () => {
        writeUsualLog();
        assert.deepEqual(periods(daily(...args)), want);
    });
}

test('a table with rows left out says so, and its total is of all', () => {
    writeUsualLog();
    const out = good(['daily', '--limit', '1']);
    assert.match(out, /^1 of 3 rows; the total is of all$/m);
    assert.match(out, /^Total .* 16,550 /m);
});

test('tables fit the terminal', () => {
    writeUsualLog();
    for (const width of [40, 60, 80, 120]) {
        for (const args of [['daily'], ['daily', '--compact'], []]) {
            const out = good(args, { env: { COLUMNS: String(width) } });
            for (const line of out.split('\n'))
                assert.ok([...line].length <= width, `${width}: ${line}`);
        }
    }
});

test('without a command: today and this week', () => {
    writeUsualLog();
    assert.equal(good([], { env: { COLUMNS: '50', LC_ALL: 'C' } }), `\
Today        3.3K tokens  <$0.01+  haiku-4-5, h...
This week   16.6K tokens   $0.03+

Mon 16 Nov                              0    $0.00
Tue 17 Nov                              0    $0.00
Wed 18 Nov                              0    $0.00
Thu 19 Nov                              0    $0.00
Fri 20 Nov  ######################  11.1K    $0.01
Sat 21 Nov  ####                     2.2K    $0.02
Sun 22 Nov  ######                   3.3K  <$0.01+
+ 50 tokens have no known price
how: tacho prices explain MODEL
`);
});

test('colour only where it was asked for', () => {
    writeUsualLog();
    const esc = /\x1b\[/;
    assert.doesNotMatch(good(['daily']), esc);
    assert.match(good(['daily', '--color', 'always']), esc);
    assert.match(good(['daily', '--color', 'always'], { env: { NO_COLOR: '1' } }), esc);
    writeConfig('{"color": "always"}');
    assert.match(good(['daily']), esc);
    assert.doesNotMatch(good(['daily', '--color', 'never']), esc);
});

test('names out of a log cannot drive the terminal', () => {
    writeLog([response('2026-11-22T10:00:00.000Z', 'evil\x1b[31m\u202e\u009b2J',
        { input_tokens: 1, output_tokens: 1 })]);
    assert.match(good(['daily']), /evil\?\[31m\?\?2J/);
});

test('nothing found is no error, and where was looked is said', () => {
    const out = good(['daily']);
    assert.match(out, /^No usage found\.\nLooked in .*~\/\.claude\/projects.*\.\n$/);
    assert.match(good([]), /^Looked in /m);
    const report = daily();
    assert.deepEqual(report.daily, []);
    assert.equal(report.totals.totalTokens, 0);
    assert.equal(report.totals.totalCost, 0);
});

test('--quiet leaves the notes away', () => {
    assert.equal(good(['daily', '--quiet']), 'No usage found.\n');
});

test('--db :memory: leaves nothing behind', () => {
    writeUsualLog();
    assert.equal(daily('--db', ':memory:').totals.totalTokens, 16550);
    assert.equal(fs.existsSync(path.join(home, '.local')), false);
});

// ---- configuration ----

test('the configuration file speaks where no option does', () => {
    writeUsualLog();
    writeConfig('{"timezone": "Asia/Tokyo", "order": "desc"}');
    assert.deepEqual(periods(daily()), ['2026-11-22', '2026-11-20']);
    assert.deepEqual(periods(daily('--order', 'asc')), ['2026-11-20', '2026-11-22']);
});

for (const [text, want] of [
    ['{\n  "timezon": "UTC"\n}', /config\.json:2: unknown key 'timezon'; did you mean 'timezone'\?$/],
    ['{"port": 0}', /config\.json:1: port takes a whole number from 1 to 65535, not 0$/],
    ['{\n"port": }', /config\.json:2:\d+: /],
]) {
    test(`a mistake in the configuration file is placed: ${JSON.stringify(text)}`, () => {
        writeConfig(text);
        const { code, out, err } = run(['daily']);
        assert.equal(code, 2);
        assert.equal(out, '');
        assert.match(err.trimEnd(), want);
        assert.equal(err.split('\n').length, 2);
    });
}

// ---- wrong use ----

for (const [args, want] of [
    [['dayly'], /^tacho: there is no command 'dayly'; did you mean 'daily'\? \(see 'tacho help'\)\n$/],
    [['daily', '--sicne', '7d'], /did you mean --since\? \(see 'tacho help daily'\)\n$/],
    [['daily', '--since', 'someday'], /--since takes a day such as .*, not 'someday'/],
    [['daily', '--since', 'today', '--until', 'yesterday'], /--since today is later than --until/],
    [['daily', '--timezone', 'Mars/Base'], /Mars\/Base/],
    [['daily', '--timezone', '../../etc/passwd'], /passwd/],
    [['daily', '--limit', '-1'], /--limit takes a whole number/],
    [['daily', '--port', '80'], /--port goes with 'serve', not with 'daily'/],
    [['daily', 'extra'], /'daily' does not know what to do with 'extra'/],
    [['--now', 'noon'], /--now takes a time/],
    [['ledger', 'infos'], /did you mean 'info'\?/],
    [['help', 'dialy'], /did you mean 'daily'\?/],
]) {
    test(`wrong use is one line and exit code 2: tacho ${args.join(' ')}`, () => {
        const { code, out, err } = run(args);
        assert.equal(code, 2);
        assert.equal(out, '');
        assert.match(err, want);
        assert.match(err, /^tacho: [^\n]+\n$/);
    });
}

test('a named thing that is missing is exit code 1', () => {
    assert.equal(run(['daily', '--config', path.join(home, 'nothing.json')]).code, 1);
    assert.equal(run(['ledger', 'info']).code, 1);
});

test('a full disk behind stdout is exit code 74', { skip: !fs.existsSync('/dev/full') }, () => {
    const full = fs.openSync('/dev/full', 'w');
    const { code, err } = run(['help'], { stdio: ['ignore', full, 'pipe'] });
    fs.closeSync(full);
    assert.equal(code, 74);
    assert.match(err, /^tacho: cannot write to stdout: /);
});

// ---- help ----

test('help fits a screen', () => {
    const out = good(['help']);
    assert.equal(good(['--help']), out);
    const lines = out.trimEnd().split('\n');
    assert.ok(lines.length <= 24);
    assert.ok(lines.every((line) => line.length <= 80));
});

test('help of a command has examples that work', () => {
    writeUsualLog();
    const out = good(['help', 'daily']);
    assert.equal(good(['daily', '-h']), out);
    const examples = out.match(/(?<=^ {2}tacho ).*$/gm);
    assert.ok(examples.length >= 2);
    for (const example of examples)
        good(example.replace(/ \|.*/, '').split(' '));
});

test('the version is a number', () => {
    assert.match(good(['version']), /^tacho \d+\.\d+\.\d+\n$/);
    assert.equal(good(['-V']), good(['version']));
});

// ---- ledger ----

test('ledger info tells what the ledger holds', () => {
    writeUsualLog();
    good(['daily']);
    const out = good(['ledger', 'info']);
    assert.match(out, /^Ledger +\S+\/tacho\.db$/m);
    assert.match(out, /^Events +4$/m);
    assert.match(out, /^Last event +2026-11-22 11:00 UTC$/m);
    assert.doesNotMatch(out, /^Logs read/m);
});

test('a damaged ledger is said to be, and rebuilding brings every token back', () => {
    writeUsualLog();
    const before = good(['daily', '--json']);
    const ledger = path.join(home, LEDGER);
    fs.rmSync(`${ledger}-wal`, { force: true });
    fs.rmSync(`${ledger}-shm`, { force: true });
    fs.writeFileSync(ledger, Buffer.alloc(20_000, 'not a ledger. '));
    const { code, out, err } = run(['daily']);
    assert.equal(code, 74);
    assert.equal(out, '');
    assert.match(err, /^tacho: .*\(repair it with 'tacho ledger rebuild'\)\n$/);
    const told = good(['ledger', 'rebuild']);
    assert.match(told, /^4 events in the new ledger, 0 of them out of the old one\.$/m);
    assert.match(told, /^The old ledger is kept as \S+$/m);
    assert.equal(good(['daily', '--json']), before);
});

// ---- the other program ----

function copyAlone() {
    const folder = path.join(home, 'bin');
    fs.mkdirSync(folder);
    fs.copyFileSync(tacho, path.join(folder, 'tacho'));
    return folder;
}

test('serve hands the whole call to the tachod beside it', () => {
    const folder = copyAlone();
    fs.writeFileSync(path.join(folder, 'tachod'), '#!/bin/sh\necho "$@"\nexit 7\n', { mode: 0o755 });
    const { code, out } = run(['serve', '--port', '8300'], { program: path.join(folder, 'tacho') });
    assert.equal(code, 7);
    assert.equal(out, `--now ${NOW} serve --port 8300\n`);
});

test('a mistake in the words never reaches tachod', () => {
    const folder = copyAlone();
    fs.writeFileSync(path.join(folder, 'tachod'), '#!/bin/sh\necho reached\n', { mode: 0o755 });
    const { code, out } = run(['serve', '--prot', '1'], { program: path.join(folder, 'tacho') });
    assert.equal(code, 2);
    assert.equal(out, '');
});

test('without a tachod anywhere, serve says what is missing', () => {
    const folder = copyAlone();
    const { code, err } = run(['serve'],
        { program: path.join(folder, 'tacho'), env: { PATH: '/nowhere' } });
    assert.equal(code, 69);
    assert.match(err, /^tacho: 'serve' needs the program tachod, which is neither .* nor on PATH\n$/);
});
