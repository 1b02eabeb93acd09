// cli/statusline.test.mjs: `tacho statusline`, whatever it is fed, and its installation.
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
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tacho-statusline-'));
const hasSqlite = spawnSync('sqlite3', ['--version']).status === 0;
const NOW = '2026-11-22T14:05:00Z';
const now = Date.parse(NOW) / 1000;
let home, homes = 0;

beforeEach(() => {
    home = path.join(scratch, `home-${++homes}`);
    fs.mkdirSync(home);
});

after(() => fs.rmSync(scratch, { recursive: true, force: true }));

function run(words, input = '', more = {}) {
    const env = { HOME: home, PATH: process.env.PATH, TZ: 'UTC', LANG: 'C.UTF-8', ...more };
    const { status, stdout, stderr } = spawnSync(tacho, [...words, '--now', NOW],
        { env, cwd: home, input, encoding: 'utf8' });
    return { code: status, out: stdout, err: stderr };
}

const line = (input, ...words) => run(['statusline', '--color', 'never', ...words],
    typeof input === 'string' ? input : JSON.stringify(input));

const whole = () => ({
    session_id: '5f0c', model: { id: 'h-2', display_name: 'H 2' }, cost: { total_cost_usd: 1.27 },
    context_window: { used_percentage: 12 },
    rate_limits: { five_hour: { used_percentage: 23.5, resets_at: now + 2 * 3600 },
                   seven_day: { used_percentage: 41.2, resets_at: now + 3 * 86400 } },
});

function writeLog() {
    const folder = path.join(home, '.claude/projects/-work-shop');
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 's-1.jsonl'), `${JSON.stringify({
        type: 'assistant', timestamp: '2026-11-22T13:30:00.000Z', sessionId: 's-1',
        requestId: 'req_1', isSidechain: false, cwd: '/work/shop', version: '9.9.9',
        message: { id: 'msg_1', role: 'assistant', model: 'claude-opus-4-5-20251101',
                   stop_reason: 'end_turn',
                   usage: { input_tokens: 100000, output_tokens: 20000 } } })}\n`);
    assert.equal(run(['daily']).code, 0);
}

// ---- the line ----

const MODEL = 'H 2', LIMITS = '5h 24% | week 41%';

test('all of it, with a ledger', () => {
    writeLog();
    assert.deepEqual(line(whole()), { code: 0, err: '',
        out: `${MODEL} | $1.27 session | $1.00 today | $1.00 block, 3h 55m left | ` +
             `12% context | ${LIMITS}\n` });
});

test('no ledger leaves out what only a ledger knows, and makes none', () => {
    assert.equal(line(whole()).out, `H 2 | $1.27 session | 12% context | ${LIMITS}\n`);
    assert.equal(fs.existsSync(path.join(home, '.local/share/tacho/tacho.db')), false);
});

for (const [missing, want] of [
    ['model', `$1.27 session | 12% context | ${LIMITS}\n`],
    ['cost', `${MODEL} | 12% context | ${LIMITS}\n`],
    ['context_window', `${MODEL} | $1.27 session | ${LIMITS}\n`],
    ['rate_limits', `${MODEL} | $1.27 session | 12% context\n`],
    ['session_id', `${MODEL} | $1.27 session | 12% context | ${LIMITS}\n`],
]) {
    test(`${missing} may be missing, null, or of another type`, () => {
        const without = whole();
        delete without[missing];
        assert.equal(line(without).out, want);
        assert.equal(line({ ...whole(), [missing]: null }).out, want);
        assert.equal(line({ ...whole(), [missing]: 17 }).out, want);
    });
}

test('each window may be missing', () => {
    const one = whole();
    one.rate_limits.five_hour = null;
    assert.match(line(one).out, /12% context \| week 41%\n$/);
    one.rate_limits.seven_day = {};
    assert.match(line(one, '--db', ':memory:').out, /12% context\n$/);
});

for (const [what, text] of [
    ['nothing', ''], ['blanks', ' \n'], ['words', 'hello'], ['an array', '[1,2]'],
    ['half of it', JSON.stringify(whole()).slice(0, 90)], ['bytes', '\xff\x00\x1b[31m'],
    ['a huge text', 'x'.repeat(3 << 20)],
]) {
    test(`${what} on stdin is an empty line and no failure`, () => {
        assert.deepEqual(line(text), { code: 0, out: '\n', err: '' });
    });
}

test('nonsense in numbers is left out', () => {
    const odd = { ...whole(), cost: { total_cost_usd: -3 },
                  context_window: { used_percentage: 'much' } };
    assert.equal(line(odd).out, `H 2 | ${LIMITS}\n`);
    odd.rate_limits.five_hour.used_percentage = 140;
    assert.match(line(odd).out, /5h 140%/);
});

test('a name cannot speak to the terminal', () => {
    const evil = { ...whole(), model: { display_name: 'a\u001b[2Jb\nc\u202ed' } };
    assert.match(line(evil, '--pattern', '{model}').out, /^a\?\[2Jb\?c\?d\n$/);
});

test('a pattern says what is shown; an unknown word stays', () => {
    const pattern = '{weekly_left} to week | <{five_hour}> {five_hour_left} | {nonsense} {';
    assert.equal(line(whole(), '--pattern', pattern).out,
        '3d 00h to week | <24%> 2h 00m | {nonsense} {\n');
    fs.mkdirSync(path.join(home, '.config/tacho'), { recursive: true });
    fs.writeFileSync(path.join(home, '.config/tacho/config.json'),
        '{"status_line": "{model}|{context}"}');
    assert.equal(line(whole()).out, 'H 2 | 12%\n');
});

test('colour tells pace, also into a pipe; NO_COLOR is heeded', () => {
    const input = whole();
    input.rate_limits.five_hour = { used_percentage: 88, resets_at: now + 2 * 3600 };
    input.rate_limits.seven_day = { used_percentage: 93, resets_at: now + 3600 };
    const words = ['statusline', '--pattern', '{five_hour}|{weekly}'];
    assert.equal(run(words, JSON.stringify(input)).out,
        '\x1b[38;5;208m88%\x1b[0m\x1b[2m | \x1b[0m\x1b[31m93%\x1b[0m\n');
    assert.equal(run(words, JSON.stringify(input), { NO_COLOR: '1' }).out, '88% | 93%\n');
});

test('what was seen of limits reaches the ledger, and a later line without them', () => {
    line(whole());
    const spool = path.join(home, '.local/share/tacho/sightings/status-line.jsonl');
    assert.equal(fs.readFileSync(spool, 'utf8').split('\n').length, 2);
    assert.match(run(['limits']).out, /five_hour .* 23\.5%/);
    assert.match(line({}).out, /^\$0\.00 today \| 5h 24% \| week 41%\n$/);
});

test('a bad configuration or option is told in the line itself', () => {
    fs.mkdirSync(path.join(home, '.config/tacho'), { recursive: true });
    fs.writeFileSync(path.join(home, '.config/tacho/config.json'), '{"port": }');
    const bad = line(whole());
    assert.deepEqual([bad.code, bad.err], [0, '']);
    assert.match(bad.out, /^tacho: .*config\.json.*\n$/);
    const typo = run(['statusline', '--patern', 'x'], '{}');
    assert.deepEqual([typo.code, typo.err], [0, '']);
    assert.match(typo.out, /--pattern/);
});

test('a locked ledger is not waited for', { skip: !hasSqlite }, () => {
    writeLog();
    const db = path.join(home, '.local/share/tacho/tacho.db');
    const shell = path.join(home, 'line.sh'), input = path.join(home, 'in.json');
    fs.writeFileSync(input, JSON.stringify(whole()));
    fs.writeFileSync(shell, `exec env HOME='${home}' '${tacho}' statusline --color never --now ${NOW}` +
        ` < '${input}'\n`);
    const script = 'PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE;\n' +
        `.shell sh ${shell}\n`;
    const started = process.hrtime.bigint();
    const { stdout, status } = spawnSync('sqlite3', [db], { input: script, encoding: 'utf8' });
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    assert.equal(status, 0);
    assert.match(stdout, /H 2 \| \$1\.27 session \| 12% context/);
    assert.ok(seconds < 4.5, `it waited ${seconds} s`); // the patience of others is five seconds
});

// ---- installation ----

const settings = () => path.join(home, '.claude/settings.json');
const OURS = () => ({ type: 'command', command: `${tacho} statusline` });
function write(text) {
    fs.mkdirSync(path.dirname(settings()), { recursive: true });
    fs.writeFileSync(settings(), text, { mode: 0o640 });
    fs.chmodSync(settings(), 0o640);
}
const read = () => fs.readFileSync(settings(), 'utf8');
const backups = () => fs.readdirSync(path.dirname(settings())).filter((n) => n.includes('before'));

test('install makes the file where there is none, once', () => {
    assert.equal(run(['statusline', 'install']).code, 0);
    assert.deepEqual(JSON.parse(read()), { statusLine: OURS() });
    const first = read();
    assert.match(run(['statusline', 'install']).out, /already; nothing changes/);
    assert.equal(read(), first);
    assert.deepEqual(backups(), []);
});

for (const [why, text, want] of [
    ['two blanks', '{\n  "env": { "A":"b" },\n  "model" : "h-2"\n}\n',
        (l) => `{\n  "statusLine": ${l},\n  "env": { "A":"b" },\n  "model" : "h-2"\n}\n`],
    ['tabs and CRLF', '{\r\n\t"a": 1\r\n}', (l) => `{\r\n\t"statusLine": ${l},\r\n\t"a": 1\r\n}`],
    ['one line', '{"a":[1, 2]}', (l) => `{"statusLine": ${l},"a":[1, 2]}`],
    ['an empty object', '{ }\n', (l) => `{\n  "statusLine": ${l}\n}\n`],
    ['an empty file', '', (l) => `{\n  "statusLine": ${l}\n}\n`],
    ['a null', '{"statusLine" : null, "a":1}', (l) => `{"statusLine" : ${l}, "a":1}`],
]) {
    test(`install keeps every other byte: ${why}`, () => {
        write(text);
        assert.equal(run(['statusline', 'install']).code, 0);
        const { command } = OURS();
        assert.equal(read(), want(`{ "type": "command", "command": "${command}" }`));
        assert.equal(fs.statSync(settings()).mode & 0o777, 0o640);
        assert.deepEqual(backups(), ['settings.json.before-tacho']);
        assert.equal(fs.readFileSync(`${settings()}.before-tacho`, 'utf8'), text);
        const once = read();
        run(['statusline', 'install']);
        assert.equal(read(), once);
        assert.equal(backups().length, 1);
    });
}

test('another status line is replaced and named; what stands beside the command stays', () => {
    const text = '{\n  "statusLine": { "type": "command", "command": "mine \\"x\\"", "padding": 0 }\n}\n';
    write(text);
    const dry = run(['statusline', 'install', '--dry-run']);
    assert.match(dry.out, /would get\n {2}"statusLine": .*\nIt would replace: mine "x"\n/);
    assert.equal(read(), text);
    assert.deepEqual(backups(), []);
    assert.match(run(['statusline', 'install']).out, /It replaced: mine "x"\n/);
    assert.deepEqual(JSON.parse(read()).statusLine, { ...OURS(), padding: 0 });
    write(text);
    run(['statusline', 'install']);
    assert.equal(backups().length, 2);
});

test('what is no JSON is left as it is, by its line', () => {
    for (const text of ['{\n  "a": 1,\n}\n', '[1]', '// {}\n{}']) {
        write(text);
        const { code, err } = run(['statusline', 'install']);
        assert.equal(code, 2);
        assert.match(err, /settings\.json.*left as it is/);
        assert.equal(read(), text);
    }
    write('{\n  "a": 1,\n}\n');
    assert.match(run(['statusline', 'install']).err, /line 3/);
});

test('CLAUDE_CONFIG_DIR is followed, and so are links', () => {
    const elsewhere = path.join(home, 'elsewhere');
    fs.mkdirSync(elsewhere);
    fs.writeFileSync(path.join(home, 'dotfile.json'), '{"a":1}');
    fs.symlinkSync('../dotfile.json', path.join(elsewhere, 'settings.json'));
    assert.equal(run(['statusline', 'install'], '', { CLAUDE_CONFIG_DIR: elsewhere }).code, 0);
    assert.ok(fs.lstatSync(path.join(elsewhere, 'settings.json')).isSymbolicLink());
    assert.deepEqual(JSON.parse(fs.readFileSync(path.join(home, 'dotfile.json'), 'utf8')),
        { statusLine: OURS(), a: 1 });
    assert.equal(fs.existsSync(settings()), false);
});

test('another word behind it is a mistake', () => {
    const { code, err } = run(['statusline', 'instal']);
    assert.equal(code, 2);
    assert.match(err, /takes install or nothing/);
});
