// cli/live.test.mjs: `tacho live` in a real terminal (tmux), by its keys and by what stands there.
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const binDir = path.resolve(process.env.TACHO_BIN_DIR ?? path.join(here, '../../build'));
const tacho = path.join(binDir, 'tacho');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tacho-live-'));
const NOW = '2026-11-22T14:05:00Z';
const now = Date.parse(NOW);
const skip = spawnSync('tmux', ['-V']).status !== 0 && 'tmux is not installed';
let home, socket, homes = 0;

beforeEach(() => {
    home = path.join(scratch, `home-${++homes}`);
    fs.mkdirSync(home);
    socket = path.join(home, 'tmux'); // a server that still ends takes no new session
});

afterEach(() => spawnSync('tmux', ['-S', socket, 'kill-server']));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

// ---- a made-up home ----

let ids = 0;
function respond(minutesAgo, project, model, input, output) {
    const folder = path.join(home, `.claude/projects/-work-${project}`);
    const id = ++ids;
    fs.mkdirSync(folder, { recursive: true });
    fs.appendFileSync(path.join(folder, `${project}.jsonl`), `${JSON.stringify({
        type: 'assistant', timestamp: new Date(now - minutesAgo * 60000).toISOString(),
        sessionId: project, requestId: `req_${id}`, isSidechain: false, cwd: `/work/${project}`,
        version: '9.9.9', message: { id: `msg_${id}`, role: 'assistant', model,
            stop_reason: 'end_turn', usage: { input_tokens: input, output_tokens: output } } })}\n`);
}

function furnish() {
    respond(120, 'garden', 'claude-haiku-4-5-20251001', 900000, 1000);
    respond(60, 'shop', 'claude-opus-4-5-20251101', 200000, 20000);
    respond(2, 'shop', 'claude-opus-4-5-20251101', 100000, 10000);
    const spool = path.join(home, '.local/share/tacho/sightings');
    fs.mkdirSync(spool, { recursive: true });
    fs.writeFileSync(path.join(spool, 'status-line.jsonl'), [[50, 10], [1, 60]].map(([ago, used]) =>
        `${JSON.stringify({ at: now - ago * 60000, rate_limits: {
            five_hour: { used_percentage: used, resets_at: (now + 3 * 3600000) / 1000 },
            seven_day: { used_percentage: 41, resets_at: (now + 4 * 86400000) / 1000 } } })}\n`)
        .join(''));
}

// ---- a terminal ----

const tmux = (...words) => execFileSync('tmux', ['-S', socket, ...words], { encoding: 'utf8' });
const screen = () => tmux('capture-pane', '-p', '-t', 'live');
const keys = (...names) => tmux('send-keys', '-t', 'live', ...names);

async function until(what, holds) {
    const deadline = Date.now() + 20000;
    for (;;) {
        const seen = screen();
        if (holds(seen))
            return seen;
        assert.ok(Date.now() < deadline, `${what} did not come; the screen:\n${seen}`);
        await new Promise((done) => setTimeout(done, 50));
    }
}

// A shell in the terminal, so that it can be seen what `live` leaves behind.
async function start(columns, rows, words = '', locale = 'C.UTF-8') {
    tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'live', '-c', home, '-x', `${columns}`, '-y', `${rows}`,
        `env -i HOME='${home}' PATH='${process.env.PATH}' TZ=UTC LC_ALL=${locale} TERM=screen ` +
        `PS1='> ' sh`);
    await until('a shell', (s) => s.startsWith('>'));
    keys(`stty -a > before; '${tacho}' live --now ${NOW} ${words}; echo code=$?; stty -a > after`,
        'Enter');
}

async function ended(code) {
    const seen = await until('the end', (s) => s.includes(`\ncode=${code}\n`));
    assert.ok(!seen.includes('Sessions today'), 'the screen before is back');
    await until('the settings of the terminal', () => fs.existsSync(path.join(home, 'after')) &&
        fs.readFileSync(path.join(home, 'after'), 'utf8').length > 100);
    assert.equal(fs.readFileSync(path.join(home, 'after'), 'utf8'),
        fs.readFileSync(path.join(home, 'before'), 'utf8'));
    assert.equal(tmux('display-message', '-p', '-t', 'live', '#{cursor_flag} #{alternate_on}'),
        '1 0\n');
}

const isUp = (s) => s.includes('Sessions today') && s.includes('q quit');
const process_id = () => execFileSync('pgrep', ['-f', `live --now ${NOW}`], { encoding: 'utf8' })
    .trim().split('\n').find((id) => fs.readlinkSync(`/proc/${id}/exe`) === fs.realpathSync(tacho) &&
        fs.readFileSync(`/proc/${id}/environ`, 'utf8').includes(`HOME=${home}\0`));

test('80x24 has it all', { skip }, async () => {
    furnish();
    await start(80, 24);
    const seen = await until('the screen', isUp);
    assert.match(seen, /^ Today 1\.2M tokens \$3\.16   Week 1\.2M tokens \$3\.16 +Sun 22 Nov 14:05 UTC\n/);
    assert.match(seen, /\n five_hour .* 60\.0%  resets in 3h 00m  on track: full in 3\d min\n/);
    assert.match(seen, /\n weekly .* 41\.0%  resets in 4d 00h  on track\n/);
    assert.match(seen, /\n Block 12:00–17:00  1\.2M tokens  \$\d+\.\d\d  2h 55m left\n/);
    assert.match(seen, /a minute, .* an hour; .* at its end\n/);
    assert.match(seen, /\n five_hour runs out at 14:43, 2h 21m before it resets\n/);
    assert.match(seen, /\n Tokens a minute  last 78 min, at most 220K\n/);
    assert.match(seen, /\n haiku-4-5 .* 901K +\$0\.9\d\n opus-4-5 .* 330K +\$2\.25\n/);
    assert.match(seen, /\n {3}garden .* 2h 00m\n ● shop +opus-4-5 .* 2 min\n/);
    assert.ok(seen.split('\n').every((l) => [...l].length <= 80));
    keys('q');
    await ended(0);
});

test('keys sort, filter, pause, help', { skip }, async () => {
    furnish();
    await start(120, 40);
    await until('the screen', isUp);
    keys('s');
    await until('the order by cost', (s) => /by cost\n/.test(s) && /opus-4-5[^]*haiku-4-5/.test(s));
    keys('/', 'shop', 'Enter');
    const only = await until('the filter', (s) => s.includes('only shop'));
    assert.ok(!only.includes('garden'));
    keys('Escape');
    await until('all again', (s) => s.includes('garden'));
    keys('?');
    await until('the help', (s) => s.includes('show all again') && !s.includes('Sessions today'));
    keys('?', 'p');
    await until('the pause', (s) => s.includes(' paused '));
    respond(1, 'attic', 'claude-opus-4-5-20251101', 100, 10);
    keys('p');
    await until('what was written meanwhile', (s) => s.includes('attic'));
    keys('q');
    await ended(0);
});

test('what is appended appears by itself', { skip }, async () => {
    furnish();
    await start(100, 30);
    await until('the screen', isUp);
    respond(0, 'attic', 'claude-opus-4-5-20251101', 100, 10);
    await until('the new session', (s) => s.includes('● attic'));
    keys('C-c');
    await ended(0);
});

test('another size is followed, down to one that is too small', { skip }, async () => {
    furnish();
    await start(80, 24);
    await until('the screen', isUp);
    tmux('resize-window', '-t', 'live', '-x', '120', '-y', '40');
    await until('lists side by side', (s) => /Models today +Sessions today/.test(s));
    tmux('resize-window', '-t', 'live', '-x', '30', '-y', '8');
    await until('a word about it', (s) => s.startsWith('too small'));
    tmux('resize-window', '-t', 'live', '-x', '80', '-y', '24');
    await until('the screen again', isUp);
    keys('q');
    await ended(0);
});

for (const [signal, code] of [['TERM', 143], ['HUP', 129], ['QUIT', 131], ['INT', 0]]) {
    test(`SIG${signal} gives the terminal back`, { skip }, async () => {
        await start(80, 24);
        await until('the screen', isUp);
        process.kill(Number(process_id()), `SIG${signal}`);
        await ended(code);
    });
}

test('it stops and goes on like any other', { skip }, async () => {
    furnish();
    await start(80, 24);
    await until('the screen', isUp);
    keys('C-z');
    await until('the shell', (s) => s.includes('Stopped') && !s.includes('Sessions today'));
    keys('fg', 'Enter');
    await until('the screen again', isUp);
    keys('q');
    await until('the end', (s) => !s.includes('Sessions today'));
});

test('without UTF-8 only ASCII is drawn', { skip }, async () => {
    furnish();
    await start(80, 24, '', 'C');
    const seen = await until('the screen', isUp);
    assert.ok(/^[\n\x20-\x7e]*$/.test(seen), seen);
    assert.match(seen, /Block 12:00-17:00/);
    assert.match(seen, /\n \* shop /);
    keys('q');
    await ended(0);
});

test('an empty home says so', { skip }, async () => {
    await start(80, 24);
    const seen = await until('the screen', isUp);
    assert.match(seen, /none seen yet; 'tacho statusline install'/);
    assert.match(seen, /Block {2}none: nothing was used for five hours/);
    assert.match(seen, /Models today {2}none yet/);
    keys('q');
    await ended(0);
});

test('what is no terminal is refused', () => {
    const { status, stderr, stdout } = spawnSync(tacho, ['live'],
        { env: { HOME: home, PATH: process.env.PATH, TERM: 'screen' }, encoding: 'utf8' });
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /'live' needs a terminal/);
});
