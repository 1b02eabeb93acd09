// tests/cli/doctor.test.mjs — `tacho doctor` and `tacho ledger forget`.
//
// Spawns the real program over home folders made up here, with a fixed clock; damages one thing at
// a time. Everything in the logs is invented.
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const tacho = path.join(path.resolve(process.env.TACHO_BIN_DIR ?? path.join(here, '../../build')), 'tacho');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tacho-doctor-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

const NOW = '2026-11-22T14:05:00Z';

let homes = 0;
let home, ledger, config;
beforeEach(() => {
    home = path.join(scratch, `home-${++homes}`);
    ledger = path.join(home, '.local/share/tacho/tacho.db');
    config = path.join(home, '.config/tacho/config.json');
    fs.mkdirSync(path.dirname(config), { recursive: true });
});

const env = () => ({ PATH: process.env.PATH, HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8' });

function run(words, now = NOW) {
    const { status, stdout, stderr } = spawnSync(tacho, [...words, '--now', now],
        { env: env(), encoding: 'utf8' });
    return { status, stdout, stderr };
}

function ok(...words) {
    const { status, stdout, stderr } = run(words);
    assert.equal(stderr, '');
    assert.equal(status, 0);
    return stdout;
}

let ids = 0;
function write(session, { model = 'claude-haiku-4-5-20251001', at = '2026-11-20T09:00:00.000Z',
    id = `m${++ids}`, input = 1000 } = {}) {
    const folder = path.join(home, '.claude/projects/-work-shop');
    const usage = { input_tokens: input, output_tokens: 10 };
    fs.mkdirSync(folder, { recursive: true });
    fs.appendFileSync(path.join(folder, `${session}.jsonl`), `${JSON.stringify({
        type: 'assistant', timestamp: at, sessionId: session, requestId: `r-${id}`, cwd: '/work/shop',
        message: { id, role: 'assistant', model, stop_reason: 'end_turn', usage } })}\n`);
}

/** What is not well: about → finding. The exit code has to agree. */
function wrong(now = NOW) {
    const { status, stdout } = run(['doctor', '--json'], now);
    const told = JSON.parse(stdout);
    const found = told.findings.filter((f) => !f.ok);
    assert.equal(told.ok, found.length === 0);
    assert.equal(status, found.length === 0 ? 0 : 1);
    for (const f of told.findings)
        assert.equal(typeof f.remedy, f.ok ? 'undefined' : 'string');
    return Object.fromEntries(found.map((f) => [f.about, f]));
}

// ---- doctor ----

test('where all is well, the doctor says so and what was looked at', () => {
    write('s-1');
    assert.deepEqual(wrong(), {});
    const text = ok('doctor');
    for (const about of ['configuration', 'ledger', 'sources', 'prices', 'daemon', 'watches', 'clock',
        'permissions'])
        assert.match(text, new RegExp(`^✓ ${about} +\\S`, 'm'));
    assert.match(text, /whole, 1 event, /);
    assert.match(text, /^✓ sources +1 log of 1 agent$/m);
    const allowed = fs.readFileSync('/proc/sys/fs/inotify/max_user_watches', 'utf8').trim();
    assert.match(text, new RegExp(`watches +2 folders hold logs, the system lets ${allowed} be`));
    assert.match(text, /\nAll is well\.\n$/);
});

test('a home without agents has no logs', () => {
    assert.deepEqual(Object.keys(wrong()), ['sources']);
    assert.match(run(['doctor']).stdout,
        /✗ sources +no logs of any agent were found\n +'tacho sources' shows/);
});

test('a model without a price is named, with its tokens', () => {
    write('s-1', { model: 'heron-9', input: 2000 });
    const { prices, ...rest } = wrong();
    assert.deepEqual(rest, {});
    assert.equal(prices.says, '2,010 tokens of heron-9 have no price');
    assert.match(prices.remedy, /'tacho reprice'/);
});

test('a format that is not understood any more', () => {
    const folder = path.join(home, '.claude/projects/-w');
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 's.jsonl'), `${JSON.stringify({ type: 'assistant',
        timestamp: '2026-11-20T09:00:00Z', sessionId: 's',
        message: { id: 'm', model: 'x', usage: 'renamed' } })}\n`);
    assert.match(wrong().sources.says, /more than 2 % is not understood/);
});

test('a configuration that is wrong is all that can be looked at', () => {
    write('s-1');
    fs.writeFileSync(config, '{\n "prot": 1 }');
    const found = wrong();
    assert.deepEqual(Object.keys(found), ['configuration']);
    assert.match(found.configuration.says, /config\.json:2: unknown key 'prot'/);
    assert.match(found.configuration.remedy, /tacho config edit/);
    fs.writeFileSync(config, '{ "timezone": "Mars/Crater" }');
    assert.match(wrong().configuration.says, /Mars\/Crater/);
});

test('a damaged ledger, and how it is repaired', () => {
    for (let i = 0; i < 300; i++)
        write('s-1', { at: new Date(Date.UTC(2026, 10, 1) + i * 3.6e6).toISOString() });
    ok('daily');
    spawnSync('sqlite3', [ledger, 'PRAGMA journal_mode = DELETE']);
    const fd = fs.openSync(ledger, 'r+');
    for (let at = 8 * 4096; at < fs.fstatSync(fd).size; at += 4096)
        fs.writeSync(fd, Buffer.alloc(512, 0x5a), 0, 512, at);
    fs.closeSync(fd);
    const found = wrong();
    assert.match(found.ledger.remedy, /tacho ledger rebuild/);
    assert.equal(found.prices, undefined); // what cannot be asked says nothing
});

test('a ledger that is no ledger, and one of a newer tacho', () => {
    write('s-1');
    ok('daily');
    spawnSync('sqlite3', [ledger, 'PRAGMA user_version = 999']);
    assert.match(wrong().ledger.remedy, /install the newer tacho/);
    fs.writeFileSync(ledger, 'no database at all, but long enough to be taken for one'.repeat(20));
    assert.match(wrong().ledger.remedy, /tacho ledger rebuild/);
});

test('a clock that is wrong', () => {
    write('s-1');
    assert.match(wrong('2020-01-01T00:00:00Z').clock.says, /it says 2020-01-01.*long ago/);
    assert.match(wrong('2026-11-10T00:00:00Z').clock.says, /newest event is of 2026-11-20/);
    assert.equal(wrong('2026-11-20T00:00:00Z').clock, undefined);
});

test('files that others may read or write', () => {
    write('s-1');
    const secrets = path.join(path.dirname(config), 'secrets.json');
    fs.writeFileSync(config, '{}', { mode: 0o644 });
    fs.writeFileSync(secrets, '{}', { mode: 0o600 });
    assert.deepEqual(wrong(), {});
    fs.chmodSync(config, 0o666);
    assert.match(wrong().permissions.says, /config\.json may be changed by others .*666/);
    fs.chmodSync(config, 0o600);
    fs.chmodSync(secrets, 0o640);
    assert.match(wrong().permissions.says, /secrets\.json may be read by others .*640/);
    fs.chmodSync(secrets, 0o600);
    fs.chmodSync(ledger, 0o604);
    assert.match(wrong().permissions.says, /tacho\.db(-shm|-wal)? may be read by others .*604/);
});

/** Another process that holds <ledger>.daemon as a daemon does, until `work` is over. */
async function held(text, work) {
    fs.writeFileSync(`${ledger}.daemon`, text, { mode: 0o600 });
    const holder = spawn('python3', ['-c', `
import fcntl, struct, sys
f = open(sys.argv[1], 'r+')
fcntl.fcntl(f, 37, struct.pack('hhqqi', 1, 0, 0, 0, 0)) # F_OFD_SETLK, F_WRLCK
print('held', flush=True)
sys.stdin.read()`, `${ledger}.daemon`], { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    try {
        work();
    } finally {
        holder.stdin.end();
        await new Promise((resolve) => holder.once('exit', resolve));
    }
}

test('a daemon is told with its address and version', async () => {
    write('s-1');
    ok('daily');
    const version = ok('version').trim().split(' ')[1];
    await held(`4711\nhttp://127.0.0.1:1/\n${version}\n`, () => {
        assert.deepEqual(wrong(), {});
        assert.ok(ok('doctor').includes(`version ${version} at http://127.0.0.1:1/, process 4711`));
    });
    await held('4711\nhttp://127.0.0.1:1/\n0.0.1\n', () => {
        assert.match(wrong().daemon.says, /another version \(0\.0\.1, this is /);
        assert.match(wrong().daemon.remedy, /tacho serve --stop/);
    });
    await held('4711\nhttp://127.0.0.1:1/\n', () =>
        assert.match(wrong().daemon.says, /an older one/));
    await held('', () => assert.match(ok('doctor'), /daemon +starting/));
    assert.match(ok('doctor'), /daemon +not running/); // the file is still there
});

// ---- ledger forget ----

const totals = () => JSON.parse(ok('daily', '--json')).totals;
const sum = (sql) => spawnSync('sqlite3', [ledger, sql], { encoding: 'utf8' }).stdout.trim();

test('forget tells first, and does it only when that is meant', () => {
    write('s-1', { input: 5000 });
    write('s-2');
    const before = totals();
    const told = ok('ledger', 'forget', '--session', 's-1');
    assert.match(told, /^This would forget session s-1:\n {2}claude, .*shop.*: 1 response, 5\.0K tokens, /);
    assert.match(told, /Say --yes to do it\.\n$/);
    assert.deepEqual(totals(), before);
    assert.match(ok('ledger', 'forget', '--session', 's-1', '--yes'), /^Forgotten is session s-1:/);
    assert.equal(totals().inputTokens, 1000);
});

const SUMS = ['event', 'rollup', 'rollup_day', 'rollup_session', 'usage_day', 'usage_total'];
const sums = () => SUMS.map((table) => `${table} ${sum(`SELECT count(*), sum(input) FROM ${table}`)}`);

test('every sum is what it was before the session came', () => {
    for (let i = 0; i < 5; i++)
        write('s-2', { at: `2026-11-${10 + i}T09:01:00.000Z`, input: 7 });
    assert.equal(totals().inputTokens, 35);
    const before = sums();
    for (let i = 0; i < 5; i++)
        write('s-1', { at: `2026-11-${12 + i}T09:00:00.000Z`, input: 100 + i });
    assert.equal(totals().inputTokens, 35 + 510);
    ok('ledger', 'forget', '--session', 's-1', '--yes');
    assert.deepEqual(sums(), before);
    assert.equal(sum('SELECT count(*) FROM usage_session'), '1');
    assert.doesNotMatch(ok('session'), /s-1/);
    assert.equal(totals().inputTokens, 35); // its log is still there, and was read already
});

test('a response that was copied into another session does not come back by it', () => {
    write('s-1', { id: 'shared', input: 5000 });
    write('s-2', { id: 'shared', input: 5000, at: '2026-11-20T09:00:00.000Z' });
    write('s-2', { id: 'own', input: 7, at: '2026-11-20T10:00:00.000Z' });
    assert.equal(totals().inputTokens, 5007);
    const billed = sum("SELECT s.text FROM event e JOIN session s ON s.id = e.session WHERE input = 5000");
    ok('ledger', 'forget', '--session', billed, '--yes');
    assert.equal(totals().inputTokens, billed === 's-1' ? 7 : 0);
    assert.equal(sum('SELECT count(*) FROM member'), '0');
});

test('a task keeps what was reported of it and loses what was seen', () => {
    write('s-1', { input: 5000 });
    write('s-2', { input: 7 });
    const file = path.join(home, 'tasks.jsonl');
    fs.writeFileSync(file, `${JSON.stringify({ id: 't-1', agent: { name: 'writer', type: 'worker' }, session_id: 's-1',
        started_at: '2026-11-20T08:59:00Z' })}\n`);
    ok('task', 'add', '--file', file);
    ok('daily');
    assert.equal(sum('SELECT seen_input FROM task'), '5000');
    ok('ledger', 'forget', '--session', 's-1', '--yes');
    assert.equal(sum('SELECT seen_input FROM task'), '0');
});

test('a session that is not there, and one that was not named', () => {
    write('s-1');
    const none = run(['ledger', 'forget', '--session', 's-9', '--yes']);
    assert.equal(none.status, 1);
    assert.match(none.stderr, /the ledger has no session 's-9'/);
    const unnamed = run(['ledger', 'forget']);
    assert.equal(unnamed.status, 2);
    assert.match(unnamed.stderr, /needs --session ID/);
    assert.equal(run(['ledger', 'info', '--session', 's-1']).status, 2);
    assert.equal(run(['ledger', 'forget', 's-1']).status, 2);
});
