// tests/cli/reports.test.mjs — every report as people and scripts meet it.
//
// Tables are compared with reports.golden.txt at four widths, in a UTF-8 and a plain locale, with
// and without colour, the clock fixed. TACHO_GOLDEN=write writes that file anew: look at the
// difference before you keep it. Everything in the logs is invented.
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const binDir = path.resolve(process.env.TACHO_BIN_DIR ?? path.join(here, '../../build'));
const tacho = path.join(binDir, 'tacho');
const golden = path.join(here, 'reports.golden.txt');
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'tacho-reports-'));
after(() => fs.rmSync(home, { recursive: true, force: true }));

const NOW = '2026-11-22T14:05:00Z'; // a Sunday

// ---- a month of use ----

let ids = 0;
function response(at, session, model, tokens, cwd) {
    const id = ++ids;
    const [input, output, read, write] = tokens;
    return `${JSON.stringify({ type: 'assistant', timestamp: at, sessionId: session,
        requestId: `req_${id}`, isSidechain: false, cwd, version: '9.9.9',
        message: { id: `msg_${id}`, role: 'assistant', model, stop_reason: 'end_turn', usage: {
            input_tokens: input, output_tokens: output, cache_read_input_tokens: read,
            cache_creation_input_tokens: write } } })}\n`;
}

const OPUS = 'claude-opus-4-5-20251101', HAIKU = 'claude-haiku-4-5-20251001';

function append(text, session = 's-night') {
    const folder = path.join(home, '.claude/projects/-work-shop');
    fs.mkdirSync(folder, { recursive: true });
    fs.appendFileSync(path.join(folder, `${session}.jsonl`), text);
}

before(() => {
    append(response('2026-10-30T08:00:00.000Z', 's-old', OPUS, [900, 90, 12000, 0], '/work/shop'),
        's-old');
    append(response('2026-11-12T21:50:00.000Z', 's-night', OPUS, [1000, 100, 20000, 0],
        '/work/shop')
        + response('2026-11-13T00:20:00.000Z', 's-night', HAIKU, [2000, 200, 0, 3000],
            '/work/shop'));
    append(response('2026-11-22T10:10:00.000Z', 's-café', OPUS, [52000, 4100, 880000, 61000],
        '/work/大きな計画')
        + response('2026-11-22T11:10:00.000Z', 's-café', 'heron-9', [40, 10, 0, 0],
            '/work/大きな計画'), 's-cafe');
    append(response('2026-11-22T12:30:00.000Z', 's-now', HAIKU, [700, 7000, 120000, 900],
        '/work/shop'), 's-now');
});

function run(args, { env = {}, now = true } = {}) {
    const done = spawnSync(tacho, [...(now ? ['--now', NOW] : []), ...args], {
        env: { HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8', PATH: process.env.PATH, ...env },
        encoding: 'utf8', timeout: 60_000 });
    assert.equal(done.error, undefined);
    return { code: done.status, out: done.stdout, err: done.stderr };
}

function good(args, options) {
    const done = run(args, options);
    assert.equal(done.err, '');
    assert.equal(done.code, 0);
    return done.out;
}

const json = (...args) => JSON.parse(good([...args, '--json']));

// ---- looks ----

const LOOKS = ['daily', 'weekly', 'monthly', 'session', 'blocks --since 2026-11-12 --token-limit max',
    'models', 'projects', 'daily --breakdown --last 1', 'session --compact --limit 2',
    'daily --no-cost --last 10', 'daily --sections monthly,models --color always'];
const STYLES = [[40, 'C.UTF-8'], [80, 'C'], [80, 'C.UTF-8'], [120, 'C.UTF-8'], [200, 'C.UTF-8']];

test('tables look as drawn', () => {
    let all = '';
    for (const look of LOOKS)
        for (const [width, locale] of STYLES)
            all += `== ${look} (${width} columns, ${locale})\n${
                good(look.split(' '), { env: { COLUMNS: String(width), LC_ALL: locale } })}\n`;
    all += `== markdown\n${good(['blocks', '--markdown'])}\n== csv\n${
        good(['session', '--csv', '--breakdown'])}`;
    if (process.env.TACHO_GOLDEN === 'write')
        fs.writeFileSync(golden, all);
    assert.equal(all, fs.readFileSync(golden, 'utf8'));
});

test('no line is wider than the terminal', () => {
    for (const look of LOOKS.filter((one) => !one.includes('color')))
        for (const width of [40, 60, 80, 100, 120])
            for (const line of good(look.split(' '),
                { env: { COLUMNS: String(width), LC_ALL: 'C' } }).split('\n'))
                assert.ok(line.length <= width, `${look}: ${line}`);
});

test('--wide is what a pipe gets, NO_COLOR takes colours away', () => {
    assert.equal(good(['session', '--wide'], { env: { COLUMNS: '40' } }), good(['session']));
    assert.equal(good(['daily', '--color', 'always']).includes('\u001b['), true);
    assert.equal(good(['daily'], { env: { NO_COLOR: '1' } }).includes('\u001b['), false);
});

// ---- figures ----

test('a session over midnight counts on each day with what it used there', () => {
    const [first] = json('session', '--until', '2026-11-12', '--since', '2026-11-12').session;
    assert.deepEqual([first.period, first.totalTokens, first.modelsUsed],
        ['s-night', 21100, [OPUS]]);
    const [second] = json('session', '--since', '2026-11-13', '--until', '2026-11-13').session;
    assert.deepEqual([second.period, second.totalTokens, second.modelsUsed],
        ['s-night', 5200, [HAIKU]]);
    const [whole] = json('session', '--since', '2026-11-12', '--until', '2026-11-13').session;
    assert.equal(whole.totalTokens, 26300);
    const berlin = json('session', '--since', '2026-11-12', '--until', '2026-11-12',
        '--timezone', 'Pacific/Honolulu');
    assert.equal(berlin.session[0].totalTokens, 26300, 'there it was one day');
});

test('every report adds up to the same totals', () => {
    const { totals } = json('daily');
    for (const command of ['weekly', 'monthly', 'session', 'blocks', 'models', 'projects',
        'agents', 'machines'])
        assert.deepEqual(json(command).totals, totals, command);
});

test('filters are globs, of a kind any, of kinds all', () => {
    const models = (...args) => json('models', ...args).models.map((row) => row.name).sort();
    assert.deepEqual(models('--model', 'opus'), [OPUS]);
    assert.deepEqual(models('--model', '*HAIKU*', '--model', 'heron-?'), [HAIKU, 'heron-9']);
    assert.deepEqual(models('--project', 'shop'), [HAIKU, OPUS]);
    assert.deepEqual(models('--project', '/work/*', '--model', 'heron-9', '--agent', 'claude'),
        ['heron-9']);
    assert.deepEqual(models('--agent', 'nobody'), []);
    assert.deepEqual(models('--machine', '*', '--project', 'shop', '--model', 'heron'), []);
});

test('words, --last and --start-of-week cut where they say', () => {
    const days = (...args) => json('daily', ...args).daily.map((row) => row.period);
    assert.deepEqual(days('--since', 'last-week', '--until', 'last-week'),
        ['2026-11-12', '2026-11-13']);
    assert.deepEqual(days('--since', '20d', '--until', 'yesterday'), ['2026-11-12', '2026-11-13']);
    assert.deepEqual(days('--last', '1'), ['2026-11-22']);
    const weeks = (...args) => json('weekly', ...args).weekly.map((row) => row.period);
    assert.deepEqual(weeks('--last', '2'), ['2026-11-09', '2026-11-16']);
    assert.deepEqual(weeks('--start-of-week', 'sun'), ['2026-10-25', '2026-11-08', '2026-11-22']);
    assert.deepEqual(JSON.parse(good(['claude', 'weekly', '--json'])).weekly.map((row) => row.week),
        ['2026-10-25', '2026-11-08', '2026-11-22']);
});

test('the active block has a rate and a projection, with a fixed clock to the token', () => {
    const [block] = json('blocks', '--active').blocks;
    assert.equal(block.id, '2026-11-22T10:00:00.000Z');
    assert.equal(block.totalTokens, 1125750);
    assert.equal(block.projection.remainingMinutes, 55);
    assert.equal(block.projection.totalTokens, Math.round(1125750 + (1125750 / 140) * 55));
    assert.equal(block.burnRate.tokensPerMinute, 8041.067);
    assert.equal(json('blocks', '--active', '--session-length', '1').blocks.length, 0);
});

test('one session: its events as JSON, its row as a table, 1 when there is none', () => {
    const one = json('session', '--id', 's-night');
    assert.deepEqual(one.entries.map((entry) => [entry.timestamp, entry.inputTokens]),
        [['2026-11-12T21:50:00.000Z', 1000], ['2026-11-13T00:20:00.000Z', 2000]]);
    assert.equal(one.totalTokens, 26300);
    const none = run(['session', '--id', 'nope']);
    assert.deepEqual([none.code, none.out, none.err], [1, '', "tacho: there is no session 'nope'\n"]);
});

test('CSV is one line per row, quoted where it must be', () => {
    const lines = good(['projects', '--csv']).split('\r\n');
    assert.match(lines[0], /^project,agent,models,inputTokens,/);
    assert.equal(lines.length, 4);
    assert.equal(lines.at(-1), '');
    const rows = json('daily').daily;
    assert.equal(good(['daily', '--csv']).split('\r\n')[1].split(',').at(-1),
        String(rows[0].totalCost));
});

// ---- mistakes ----

const BAD = [
    ['daily --since soon', "--since takes a day such as 2026-11-01, 20261101, today, yesterday, 7d, last-week or last-month, not 'soon'"],
    ['daily --until 2026-02-30', "--until takes a day such as 2026-11-01, 20261101, today, yesterday, 7d, last-week or last-month, not '2026-02-30'"],
    ['daily --since today --until yesterday', '--since today is later than --until yesterday'],
    ['daily --last 0', "--last takes a whole number from 1 to 36500, not '0'"],
    ['daily --last 3 --since 7d', '--last and --since exclude each other'],
    ['session --last 3', "--last goes with 'daily', not with 'session'"],
    ['weekly --start-of-week monday', "--start-of-week takes mon, tue, wed, thu, fri, sat or sun, not 'monday'"],
    ['daily --order up', "--order takes asc or desc, not 'up'"],
    ['daily --limit many', "--limit takes a whole number from 0 to 1000000, not 'many'"],
    ['daily --cost dear', "--cost takes list, logged or auto, not 'dear'"],
    ['daily --mode fast', "--mode takes auto, calculate or display, not 'fast'"],
    ['blocks --token-limit lots', "--token-limit takes a number of tokens or max, not 'lots'"],
    ['blocks --token-limit -5', "--token-limit takes a number of tokens or max, not '-5'"],
    ['blocks --session-length 0', "--session-length takes a whole number from 1 to 168, not '0'"],
    ['daily --active', "--active goes with 'blocks', not with 'daily'"],
    ['daily --json --csv', '--json and --csv exclude each other'],
    ['daily --csv --markdown', '--csv and --markdown exclude each other'],
    ['daily --compact --wide', '--compact and --wide exclude each other'],
    ['daily --sections daily,moon', "--sections takes names out of daily, weekly, monthly, session, blocks, models, projects, agents and machines, not 'moon'"],
    ['daily --timezone Mars/Phobos', 'Mars/Phobos'],
    ['daily -s', '-s (--since) needs a value'],
    ['daily --agent=', "--agent takes a list of texts that are not empty, not ''"],
];

for (const [words, sentence] of BAD) {
    test(`${words} is refused with a sentence`, () => {
        const done = run(words.split(' '));
        assert.equal(done.code, 2);
        assert.equal(done.out, '');
        assert.ok(done.err.includes(sentence), done.err);
    });
}

// ---- watching ----

test('--watch prints it again when a log has grown', async () => {
    const child = spawn(tacho, ['daily', '--json', '--watch', '--project', 'watched'], {
        env: { HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8', PATH: process.env.PATH } });
    const lines = [];
    let rest = '';
    child.stdout.on('data', (bytes) => {
        rest += bytes;
        while (rest.includes('\n')) {
            lines.push(JSON.parse(rest.slice(0, rest.indexOf('\n'))));
            rest = rest.slice(rest.indexOf('\n') + 1);
        }
    });
    const until = async (what) => {
        for (const end = Date.now() + 30_000; !what();) {
            assert.ok(Date.now() < end, 'nothing came');
            await new Promise((done) => setTimeout(done, 20));
        }
    };
    try {
        await until(() => lines.length === 1);
        assert.equal(lines[0].totals.totalTokens, 0);
        append(response('2026-11-22T13:00:00.000Z', 's-watched', HAIKU, [5, 6, 0, 0],
            '/work/watched'), 's-watched');
        await until(() => lines.length === 2);
        assert.equal(lines[1].totals.totalTokens, 11);
    } finally {
        child.kill();
    }
});
