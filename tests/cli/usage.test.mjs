// cli/usage.test.mjs: `tacho usage` and `tacho task` on a made-up home with a fixed clock.
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const binDir = path.resolve(process.env.TACHO_BIN_DIR ?? path.join(here, '../../build'));
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tacho-usage-'));
const NOW = '2026-11-22T14:00:00Z'; // a Sunday
const hasSqlite = spawnSync('sqlite3', ['--version']).status === 0;
let home, homes = 0;

beforeEach(() => {
    home = path.join(scratch, `home-${++homes}`);
    fs.mkdirSync(home);
});

after(() => fs.rmSync(scratch, { recursive: true, force: true }));

function run(words, input = '') {
    const env = { HOME: home, PATH: process.env.PATH, TZ: 'UTC', LANG: 'C.UTF-8' };
    const { status, stdout, stderr } = spawnSync(path.join(binDir, 'tacho'),
        [...words, '--now', NOW], { env, cwd: home, input, encoding: 'utf8' });
    return { code: status, out: stdout, err: stderr };
}

const line = (id, more = {}) => `${JSON.stringify({ id, agent: { name: 'writer', type: 'worker' },
    started_at: '2026-11-20T10:00:00Z', ...more })}\n`;

function configure(config) {
    fs.mkdirSync(path.join(home, '.config/tacho'), { recursive: true });
    fs.writeFileSync(path.join(home, '.config/tacho/config.json'), JSON.stringify(config));
}

test('an empty window is one sentence', () => {
    const { code, out } = run(['usage']);
    assert.equal(code, 0);
    assert.match(out, /^0 tokens since Mon 16 Nov 00:00 UTC, next reset in 10h 00m\n/);
    assert.match(out, /No task and no session falls into this window\.\n/);
});

test('the window shows number, threshold in words and colour, agents and days', () => {
    configure({ usage_threshold_tokens: 1000 });
    const added = run(['task', 'add', '--file', '-'],
        line('a', { output_tokens: 900, input_tokens: 40, turns: 7, model: 'h-2' }) +
        line('b', { started_at: '2026-11-22T01:00:00Z', cache_read_tokens: 11 }));
    assert.deepEqual(added, { code: 0, out: '2 tasks taken.\n', err: '' });
    assert.equal(run(['usage', '--color', 'never']).out, [
        '951 tokens since Mon 16 Nov 00:00 UTC, next reset in 10h 00m',
        '40 input, 900 output, 11 cache read, 0 cache written; 2 tasks, 7 turns',
        '95.10% of 1.0K: red, dispatches are about to fail',
        '',
        'AGENT   TYPE    MODEL  TASKS  TURNS  INPUT  OUTPUT',
        'writer  worker  h-2        1      7     40     900',
        'writer  worker  -          1      0      0       0',
        '',
        '16 Nov     █ ▁ 22 Nov',
        ''].join('\n'));
    assert.match(run(['usage', '--color', 'always']).out, /\x1b\[31mred, dispatches/);
    const json = JSON.parse(run(['usage', '--window', 'day', '--json']).out);
    assert.deepEqual([json.used, json.threshold.percent, json.threshold.state],
        [11, 1.1, 'green']);
});

test('bad records are refused whole, by their line', () => {
    const { code, out, err } = run(['task', 'add'], `${line('a')}{"id":"b"}\n`);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /stdin: line 2: agent is missing; .*; nothing was taken/);
    assert.match(run(['usage']).out, /0 tasks/);
});

test('a bad setting names file, key, value and what is allowed', () => {
    configure({ usage_reset: { weekday: 'mondag' } });
    const { code, err } = run(['usage']);
    assert.equal(code, 2);
    assert.match(err, /config\.json: usage_reset: .*mondag.*allowed are "monday 00:00 UTC"/);
    configure({ usage_threshold_tokens: 0 });
    assert.match(run(['usage']).err, /usage_threshold_tokens takes a whole number from 1/);
    configure({});
    fs.writeFileSync(path.join(home, 'agents.json'), '{"usage_threshold_tokens":"many"}');
    assert.match(run(['usage', '--agents-config', 'agents.json']).err,
        /agents\.json: usage_threshold_tokens: allowed is a whole number/);
});

test('a reset may be a text, an object or an instant', () => {
    const since = (usage_reset) => {
        configure({ usage_reset });
        return JSON.parse(run(['usage', '--json']).out).window.since;
    };
    assert.equal(since('sunday 06:00 Europe/Berlin'), '2026-11-22T05:00:00.000Z');
    assert.equal(since({ weekday: 'saturday', time: '12:30', timezone: 'UTC' }),
        '2026-11-21T12:30:00.000Z');
    assert.equal(since({ at: '2026-11-03T17:20:00Z', every_days: 7 }), '2026-11-17T17:20:00.000Z');
});

test('a history of another program comes in, and twice is once', { skip: !hasSqlite }, () => {
    const db = path.join(home, 'history.db');
    execFileSync('sqlite3', [db, `CREATE TABLE task_history(id INTEGER PRIMARY KEY,
        agent_name TEXT, started_at TEXT, turns INTEGER);
        INSERT INTO task_history VALUES(1, 'old', '2026-11-19 10:00:00', 4),
            (2, 'old', '2026-11-19 11:00:00', NULL)`]);
    fs.writeFileSync(path.join(home, 'agents.json'),
        '{"agents":[{"name":"old","type":"cook","model":"h-1"}]}');
    assert.equal(run(['task', 'import', db]).out, '2 tasks taken.\n');
    assert.equal(run(['task', 'import', db, '--table', 'task_history']).out,
        '2 tasks taken, 2 of them in place of what was there.\n');
    const json = JSON.parse(run(['usage', '--agents-config', 'agents.json', '--json']).out);
    assert.deepEqual(json.by_agent, [{ name: 'old', type: 'cook', model: 'h-1', tasks: 2, turns: 4,
        input_tokens: 0, output_tokens: 0, cache_read: 0, cache_creation: 0 }]);
    const { code, err } = run(['task', 'import', db, '--table', 'nothing']);
    assert.equal(code, 2);
    assert.match(err, /history\.db: table nothing: no such table/);
});
