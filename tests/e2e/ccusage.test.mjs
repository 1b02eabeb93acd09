// tests/e2e/ccusage.test.mjs — tacho in the place of ccusage 20.
//
// Installs ccusage from npm, runs both on the same logs and compares what they print as JSON: every
// key of theirs must be in ours, of the same type, and where their counting is right the figures
// must be the same. Without a network the comparison is skipped, loudly.
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { writeCorpus } from '../corpus/claude.mjs';

const VERSION = '20';
const here = path.dirname(fileURLToPath(import.meta.url));
const binDir = path.resolve(process.env.TACHO_BIN_DIR ?? path.join(here, '../../build'));
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tacho-ccusage-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

const MINUTE = 60_000;
let theirs = null; // path of their program; null: it could not be installed
let why = '';

before(() => {
    const done = spawnSync('npm', ['install', '--prefix', scratch, '--no-audit', '--no-fund',
        '--ignore-scripts', `@ccusage/ccusage-linux-x64@${VERSION}`],
    { encoding: 'utf8', timeout: 120_000, env: { ...process.env, HOME: scratch } });
    const program = path.join(scratch, 'node_modules/@ccusage/ccusage-linux-x64/bin/ccusage');
    if (done.status === 0 && fs.existsSync(program)) {
        fs.chmodSync(program, 0o755);
        theirs = program;
    } else {
        why = `ccusage could not be installed: ${(done.stderr || String(done.error)).trim()}`;
        console.error(`\n*** SKIPPED: ${why}\n`);
    }
    fs.symlinkSync(path.join(binDir, 'tacho'), path.join(scratch, 'ccusage'));
});

// ---- logs ----

/** A corpus with every trap, which ends now, so that a block is active. */
function trapped() {
    const folder = path.join(scratch, 'trapped');
    if (!fs.existsSync(folder)) {
        fs.mkdirSync(folder);
        writeCorpus(folder, { bytes: 1_500_000, seed: 3, days: 10, projects: 4,
            end: new Date(Date.now() - 10 * MINUTE).toISOString() });
    }
    return folder;
}

function line(id, at, session, model, usage) {
    return { type: 'assistant', timestamp: at, sessionId: session, requestId: `req_${id}`,
        isSidechain: false, cwd: '/work/shop', version: '9.9.9', message: { id: `msg_${id}`,
            role: 'assistant', model, stop_reason: 'end_turn', usage } };
}

/** Responses that nobody can count in two ways, over two months, the last a few minutes ago. */
function plain() {
    const folder = path.join(scratch, 'plain');
    const project = path.join(folder, 'projects/-work-shop');
    if (fs.existsSync(folder))
        return folder;
    fs.mkdirSync(project, { recursive: true });
    for (let n = 0; n < 120; n++) {
        const at = Date.now() - 3 * MINUTE - n * n * 5 * MINUTE;
        const model = n % 3 ? 'claude-sonnet-4-5-20250929' : 'claude-haiku-4-5-20251001';
        const text = JSON.stringify(line(n, new Date(at).toISOString(), `s-${n % 7}`, model,
            { input_tokens: 100 + n, output_tokens: 20 + n, cache_read_input_tokens: 1000 * n,
                cache_creation_input_tokens: 0 }));
        fs.appendFileSync(path.join(project, `s-${n % 7}.jsonl`), `${text}\n`);
    }
    return folder;
}

// ---- running both ----

function run(program, logs, args) {
    const home = path.join(scratch, `home-${path.basename(logs)}`);
    fs.mkdirSync(home, { recursive: true });
    return spawnSync(program, args, { encoding: 'utf8', timeout: 120_000,
        env: { HOME: home, CLAUDE_CONFIG_DIR: logs, TZ: 'UTC', LC_ALL: 'C.UTF-8',
            PATH: process.env.PATH } });
}

function json(program, logs, args) {
    const done = run(program, logs, [...args, '--json', '--offline']);
    assert.equal(done.status, 0, done.stderr);
    return JSON.parse(done.stdout);
}

const ours = () => path.join(scratch, 'ccusage');
const both = (logs, command) => {
    const args = command.split(' ');
    return [json(theirs, logs, args), json(ours(), logs, args)];
};

// ---- shapes ----

const kind = (value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** Everything of theirs must be in ours: keys by name, types as they are, lists by what is in them.
 *  `null` may stand for what is not there. */
function covers(own, other, at) {
    if (other === null || own === null)
        return;
    assert.equal(kind(own), kind(other), `${at} is of another type`);
    if (kind(other) === 'array') {
        const sample = merged(own);
        for (const [i, one] of other.entries())
            if (own.length > 0)
                covers(sample, one, `${at}[${i}]`);
    } else if (kind(other) === 'object') {
        for (const key of Object.keys(other)) {
            assert.ok(key in own, `${at}.${key} is missing`);
            covers(own[key], other[key], `${at}.${key}`);
        }
    }
}

/** All keys that the elements of a list have. */
function merged(list) {
    const whole = {};
    if (kind(list[0]) !== 'object')
        return list[0] ?? null;
    for (const one of list)
        for (const [key, value] of Object.entries(one))
            whole[key] = Array.isArray(value) ? [...(whole[key] ?? []), ...value]
                : whole[key] ?? value;
    return whole;
}

const SHAPES = [
    'daily', 'daily --by-agent', 'daily --no-cost', 'daily --sections daily,session',
    'daily --last 3', 'weekly', 'monthly', 'session', 'blocks', 'blocks --active', 'blocks --recent',
    'blocks --token-limit max', 'claude daily', 'claude daily --breakdown', 'claude weekly',
    'claude monthly', 'claude session', 'claude blocks', 'claude daily --mode calculate',
    'codex daily', 'codex session', 'opencode daily', 'daily --since 20300101',
    'blocks --since 20300101', 'claude session --since 20300101',
];

for (const command of SHAPES) {
    test(`ccusage ${command}: every key of theirs is in ours`, (t) => {
        if (!theirs)
            return t.skip(why);
        const [other, own] = both(trapped(), command);
        covers(own, other, command);
    });
}

test('ccusage claude daily --instances: rows stand under projects', (t) => {
    if (!theirs)
        return t.skip(why);
    const [other, own] = both(trapped(), 'claude daily --instances');
    covers(Object.values(own.projects)[0], Object.values(other.projects)[0], 'projects');
    covers(own.totals, other.totals, 'totals');
});

test('ccusage session --id: the same entries, and null for none', (t) => {
    if (!theirs)
        return t.skip(why);
    const [other, own] = both(plain(), 'session --id s-3');
    covers(own, other, 'session');
    assert.equal(own.entries.length, other.entries.length);
    assert.equal(own.totalTokens, other.totalTokens);
    assert.deepEqual(both(plain(), 'session --id nobody'), [null, null]);
});

// ---- figures ----

const FIGURES = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheCreationTokens',
    'totalTokens'];

function same(own, other, at) {
    for (const key of FIGURES)
        assert.equal(own[key], other[key], `${at}: ${key}`);
    assert.ok(Math.abs((own.totalCost ?? own.costUSD) - (other.totalCost ?? other.costUSD)) < 1e-6,
        `${at}: cost`);
}

const ROWS = [
    ['daily', 'daily', 'period'], ['weekly', 'weekly', 'period'], ['monthly', 'monthly', 'period'],
    ['session', 'session', 'period'], ['claude daily', 'daily', 'date'],
    ['claude weekly', 'weekly', 'week'], ['claude monthly', 'monthly', 'month'],
    ['claude session', 'sessions', 'sessionId'],
];

for (const [command, list, key] of ROWS) {
    test(`ccusage ${command}: the same rows with the same figures`, (t) => {
        if (!theirs)
            return t.skip(why);
        const [other, own] = both(plain(), command);
        assert.deepEqual(own[list].map((row) => row[key]).sort(),
            other[list].map((row) => row[key]).sort());
        for (const row of other[list])
            same(own[list].find((one) => one[key] === row[key]), row, row[key]);
        same(own.totals, other.totals, 'totals');
    });
}

test('ccusage blocks: the same blocks, gaps, rate and projection', (t) => {
    if (!theirs)
        return t.skip(why);
    const [other, own] = both(plain(), 'blocks');
    assert.deepEqual(own.blocks.map((one) => one.id), other.blocks.map((one) => one.id));
    for (const [i, block] of other.blocks.entries()) {
        for (const key of ['startTime', 'endTime', 'actualEndTime', 'isActive', 'isGap', 'entries',
            'totalTokens'])
            assert.equal(own.blocks[i][key], block[key], `${block.id}: ${key}`);
        assert.deepEqual(own.blocks[i].tokenCounts, block.tokenCounts);
        assert.deepEqual(own.blocks[i].models.sort(), block.models.sort());
    }
    const [mine, yours] = [own.blocks.at(-1), other.blocks.at(-1)];
    assert.equal(mine.isActive, true);
    if (yours.burnRate === null)
        return;
    assert.ok(Math.abs(mine.burnRate.tokensPerMinute - yours.burnRate.tokensPerMinute) < 1);
    const left = mine.projection.remainingMinutes - yours.projection.remainingMinutes;
    assert.ok(Math.abs(left) <= 1, 'a minute may pass between the two');
    assert.ok(Math.abs(mine.projection.totalTokens - yours.projection.totalTokens)
        <= yours.burnRate.tokensPerMinute + 1);
});

// ---- by its name, without it ----

test('words that change nothing are accepted with a line on stderr', () => {
    const done = run(ours(), plain(), ['daily', '-O', '--single-thread', '--all', '--json',
        '--config', '/nowhere/ccusage.json', '--color', '--debug']);
    assert.equal(done.status, 0, done.stderr);
    assert.ok(JSON.parse(done.stdout).daily.length > 0);
    assert.deepEqual(done.stderr.trim().split('\n'), [
        'tacho: --config /nowhere/ccusage.json is ignored: that is a file of ccusage\'s',
        'tacho: --all is ignored: all agents are counted anyway',
        'tacho: --offline is ignored: prices never come over the network',
        "tacho: --debug is ignored: 'prices explain MODEL' shows how a cost comes about",
        'tacho: --single-thread is ignored: logs are read by one thread anyway',
    ]);
});

test('no command is daily, letters are those that are known', () => {
    const logs = plain();
    const daily = run(ours(), logs, ['daily', '--json', '-z', 'UTC', '-o', 'desc', '-q']);
    assert.equal(daily.stderr, '');
    assert.equal(run(ours(), logs, ['-jq', '-zUTC', '-o', 'desc']).stdout, daily.stdout);
    assert.match(run(ours(), logs, ['-v']).stdout, /^tacho /);
});
