// tests/cli/export.test.mjs — single events for other programs, and copies of the ledger.
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const binDir = path.resolve(process.env.TACHO_BIN_DIR ?? path.join(here, '../../build'));
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'tacho-export-'));
after(() => fs.rmSync(home, { recursive: true, force: true }));

function run(...args) {
    const done = spawnSync(path.join(binDir, 'tacho'), ['--now', '2026-11-22T14:05:00Z', ...args], {
        env: { HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8', PATH: process.env.PATH },
        encoding: 'utf8', timeout: 60_000 });
    return { code: done.status, out: done.stdout, err: done.stderr };
}

function good(...args) {
    const done = run(...args);
    assert.deepEqual([done.err, done.code], ['', 0]);
    return done.out;
}

before(() => {
    const folder = path.join(home, '.claude/projects/-work-shop');
    fs.mkdirSync(folder, { recursive: true });
    const line = (id, at, model, cwd) => `${JSON.stringify({ type: 'assistant', timestamp: at,
        sessionId: 's-1', requestId: `req_${id}`, isSidechain: false, cwd, version: '9.9.9',
        message: { id: `msg_${id}`, role: 'assistant', model, stop_reason: 'end_turn', usage: {
            input_tokens: 1000, output_tokens: 100 } } })}\n`;
    fs.writeFileSync(path.join(folder, 's-1.jsonl'),
        line(1, '2026-11-20T09:00:00.000Z', 'claude-opus-4-5-20251101', '/work/a "b", c')
        + line(2, '2026-11-22T10:00:00.000Z', 'heron-9', '/work/shop'));
});

test('JSON lines: one event each, in order of time, unknown cost null', () => {
    const events = good('export').trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(events.map((event) => [event.time, event.model, event.costUSD]), [
        ['2026-11-20T09:00:00.000Z', 'claude-opus-4-5-20251101', 0.0075],
        ['2026-11-22T10:00:00.000Z', 'heron-9', null]]);
    assert.deepEqual([events[0].project, events[0].session, events[0].inputTokens],
        ['/work/a "b", c', 's-1', 1000]);
    assert.equal(good('export', '--since', 'yesterday').trim().split('\n').length, 1);
    assert.equal(good('export', '--until', 'yesterday').trim().split('\n').length, 1);
});

test('CSV: names first, quotes doubled, unknown cost empty', () => {
    const lines = good('export', '--format', 'csv').split('\r\n');
    assert.equal(lines.length, 4);
    assert.match(lines[0], /^time,agent,model,project,/);
    assert.ok(lines[1].includes(',"/work/a ""b"", c",'), lines[1]);
    assert.ok(lines[2].includes(',0,,,false,'), lines[2]);
});

test('a file is new and for its owner; one that is there stays as it is', () => {
    const file = path.join(home, 'events.csv');
    assert.equal(good('export', '--format', 'csv', file), '');
    assert.equal(fs.readFileSync(file, 'utf8'), good('export', '--format', 'csv'));
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    const again = run('export', file);
    assert.equal(again.code, 74);
    assert.match(again.err, /cannot make .*events\.csv: File exists/);
});

test('a copy of the ledger is a ledger', () => {
    for (const [name, ...words] of [['a.db', 'ledger', 'backup'],
        ['b.db', 'export', '--format', 'sqlite']]) {
        const file = path.join(home, name);
        good(...words, file);
        assert.equal(fs.statSync(file).mode & 0o777, 0o600);
        assert.match(good('ledger', 'info', '--db', file), /Events +2\n/);
        assert.equal(run(...words, file).code, 74);
    }
    assert.match(good('ledger', 'vacuum'), /before, .* now\n/);
    assert.match(good('ledger', 'info'), /Events +2\n/);
});

test('mistakes are named', () => {
    for (const [words, code, sentence] of [
        ['export --format xml', 2, "--format takes csv, jsonl or sqlite, not 'xml'"],
        ['export --format sqlite', 2, '--format sqlite needs the FILE to write'],
        ['export --since soon', 2, "not 'soon'"],
        ['export --until soon', 2, "not 'soon'"],
        ['ledger backup', 2, "'ledger backup' needs the FILE to write"],
        ['ledger info twice', 2, "'ledger info' does not know what to do with 'twice'"],
        ['ledger backup /nowhere/at/all.db', 74, '/nowhere/at/all.db'],
        ['ledger vacuum --db /nowhere/at/all.db', 1, '/nowhere/at/all.db']]) {
        const done = run(...words.split(' '));
        assert.ok(done.err.includes(sentence), done.err);
        assert.equal(done.code, code, words);
    }
});
