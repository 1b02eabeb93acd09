// tests/cli/prices.test.mjs — what models cost, as people ask `tacho prices` and `tacho reprice`.
//
// The property test computes bills a second time, from prices.csv, in whole numbers of any size.
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
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tacho-prices-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

const NOW = '2026-11-22T14:05:00Z';
let homes = 0;
let home;
beforeEach(() => {
    home = path.join(scratch, `home-${++homes}`);
    fs.mkdirSync(home);
});

function run(args, { env = {} } = {}) {
    const done = spawnSync(tacho, ['--now', NOW, ...args], {
        env: { HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8', PATH: process.env.PATH, ...env },
        encoding: 'utf8', timeout: 60_000, cwd: home,
    });
    assert.equal(done.error, undefined);
    return { code: done.status, out: done.stdout, err: done.stderr };
}

function good(args, options) {
    const done = run(args, options);
    assert.equal(done.err, '');
    assert.equal(done.code, 0);
    return done.out;
}
const json = (args, options) => JSON.parse(good([...args, '--json'], options));

function writeConfig(value) {
    const folder = path.join(home, '.config/tacho');
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'config.json'), JSON.stringify(value));
}

let ids = 0;
function writeLog(responses) {
    const folder = path.join(home, '.claude/projects/-work-shop');
    fs.mkdirSync(folder, { recursive: true });
    const lines = responses.map(([at, model, input, output, more = {}]) => JSON.stringify({
        type: 'assistant', timestamp: at, sessionId: 's-1', requestId: `req_${++ids}`,
        isSidechain: false, cwd: '/work/shop', version: '9.9.9', ...more,
        message: { id: `msg_${ids}`, role: 'assistant', model, stop_reason: 'end_turn',
            usage: { input_tokens: input, output_tokens: output } },
    }));
    fs.appendFileSync(path.join(folder, 's-1.jsonl'), lines.map((line) => `${line}\n`).join(''));
}

// ---- list ----

test('list shows the history of a model, or the row of one day', () => {
    assert.equal(good(['prices', 'list', 'gpt-5.6-terra']), `\
Model          From           Input    Output  Cache read  Write 5m  Write 1h  Source
gpt-5.6-terra  always           2.5        15        0.25     3.125         5  compiled
gpt-5.6-terra  2026-07-30         2        12         0.2       2.5         4  compiled
  > 272,000                       4        18         0.4         5         8
US dollars per million tokens
`);
    const rows = json(['prices', 'list', 'gpt-5.6-terra', '--at', '2026-07-29']).prices;
    assert.deepEqual(rows.map((row) => [row.validFrom, row.input]), [[null, 2.5]]);
});

test('list without a model has every model once, each with a source and a date', () => {
    const rows = json(['prices', 'list']).prices;
    assert.ok(rows.length > 80);
    assert.equal(new Set(rows.map((row) => row.model)).size, rows.length);
    for (const row of rows) {
        assert.match(row.checked, /^20\d\d-\d\d-\d\d$/, row.model);
        assert.ok(row.source.length > 5, row.model);
    }
});

test('a model without a price is a missing thing', () => {
    const done = run(['prices', 'list', 'gpt-5.4-ultra']);
    assert.equal(done.code, 1);
    assert.equal(done.err, "tacho: no price is known for 'gpt-5.4-ultra'\n");
    assert.equal(run(['prices', 'list', '--at', 'soon']).code, 2);
});

// ---- explain ----

test('explain tells the row, the rule and every term', () => {
    assert.equal(good(['prices', 'explain', 'anthropic/claude-opus-5-20260401', '--input', '1000',
        '--cache-write-1h', '2000', '--searches', '10', '--us', '--tier', 'batch']), `\
anthropic/claude-opus-5-20260401, 2026-11-22
  found             by its name without what resellers and dates add
  row               claude-opus-5, always, built in
  source            compiled, as of 2026-11-22
  input             1,000 x $5/M = $0.005
  cache write, 1 h  2,000 x $10/M = $0.02
  US                x 1.1
  batch             x 0.5
  web searches      10 x $0.01
  list cost         $0.11375
`);
});

test('explain takes the last event of the model, and its day if one is named', () => {
    writeLog([['2026-08-20T10:00:00.000Z', 'gpt-5.6', 1000, 100],
        ['2026-08-21T10:00:00.000Z', 'gpt-5.6', 1000, 100]]);
    good(['daily']);
    const last = json(['prices', 'explain', 'gpt-5.6']);
    assert.equal(last.at, '2026-08-21T10:00:00.000Z');
    assert.equal(last.event, true);
    assert.equal(last.listCost, 0.006);
    assert.equal(json(['prices', 'explain', 'gpt-5.6', '--at', '2026-08-20']).listCost, 0.008);
    assert.equal(json(['prices', 'explain', 'gpt-5.6', '--at', '2026-08-19']).event, false);
});

test('explain of what nobody knows says how to give it a price', () => {
    const text = good(['prices', 'explain', 'heron-9', '--input', '5']);
    assert.match(text, /list cost +unknown/);
    assert.match(text, /"prices": \{"heron-9": \{"input": 3, "output": 15\}\}/);
    const known = json(['prices', 'explain', 'heron-9', '--input', '5']);
    assert.equal(known.unpriced, true);
    assert.equal(known.listCost, null);
});

test('what runs on this machine is free, which is not unknown', () => {
    const bill = json(['prices', 'explain', 'ollama/llama4', '--input', '1000']);
    assert.equal(bill.unpriced, false);
    assert.equal(bill.listCost, 0);
});

// ---- any bill, computed twice ----

const MILLION = 1_000_000n;

// A decimal as millionths.
function millionths(text, otherwise) {
    if (text === '') return otherwise;
    const [whole, part = ''] = text.split('.');
    return BigInt(whole) * MILLION + BigInt(part.padEnd(6, '0'));
}

function readTable() {
    const text = fs.readFileSync(path.join(here, '../../src/price/prices.csv'), 'utf8');
    const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
    const names = lines.shift().split(',');
    return lines.flatMap((line) => {
        const cells = Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell]));
        return cells.models.split(' ').map((model) => ({ model, ...cells }));
    });
}

function rates(row, prefix) {
    const of = (name, otherwise) => millionths(row[prefix + name], otherwise);
    const input = of('input');
    return { input, output: of('output'), cacheRead: of('cache_read', input),
        write5m: of('cache_write_5m', row.model.startsWith('claude') ? input * 5n / 4n : input),
        write1h: of('cache_write_1h', 2n * input) };
}

// Exact: a fraction until the one rounding at the end.
function reference(row, bill) {
    const prompt = bill.input + bill.cacheRead + bill.write + bill.write1h;
    const isLong = row.long_above !== '' && prompt > Number(row.long_above);
    const r = rates(row, isLong ? 'long_' : '');
    let over = BigInt(bill.input) * r.input + BigInt(bill.output) * r.output +
        BigInt(bill.cacheRead) * r.cacheRead + BigInt(bill.write) * r.write5m +
        BigInt(bill.write1h) * r.write1h;
    let under = 1000n; // picodollars in a nanodollar
    const times = (text, otherwise) => {
        over *= millionths(text, otherwise);
        under *= MILLION;
    };
    if (bill.fast) times(isLong && row.fast_long !== '' ? row.fast_long : row.fast, MILLION);
    if (bill.us) times(row.geo_us, MILLION);
    if (bill.tier) times(row[bill.tier], bill.tier === 'priority' ? MILLION : MILLION / 2n);
    const search = row.web_search === '' ? 0n : millionths(row.web_search) * 1000n;
    return (2n * over + under) / (2n * under) + BigInt(bill.searches) * search;
}

// The same numbers in every run.
function dice(seed) {
    let state = seed;
    return (n) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * n);
    };
}

test('any bill is what exact arithmetic says', () => {
    const rows = readTable().filter((row) => !row.model.endsWith('/*'));
    const roll = dice(11);
    const amount = () => [0, roll(1000), roll(300_000), roll(50_000_000)][roll(4)];
    for (let i = 0; i < 150; i++) {
        const { model } = rows[roll(rows.length)];
        const row = rows.filter((other) => other.model === model)
            .sort((a, b) => (a.valid_from < b.valid_from ? -1 : 1)).at(-1);
        const bill = { input: amount(), output: amount(), cacheRead: amount(), write: amount(),
            write1h: amount(), searches: 1 + roll(20), fast: roll(2), us: roll(2),
            tier: ['', 'batch', 'flex', 'priority'][roll(4)] };
        const got = json(['prices', 'explain', model, '--input', bill.input, '--output',
            bill.output, '--cache-read', bill.cacheRead, '--cache-write', bill.write,
            '--cache-write-1h', bill.write1h, '--searches', bill.searches,
            ...(bill.fast ? ['--fast'] : []), ...(bill.us ? ['--us'] : []),
            ...(bill.tier ? ['--tier', bill.tier] : [])].map(String));
        assert.equal(BigInt(Math.round(got.listCost * 1e9)), reference(row, bill),
            `${model} ${JSON.stringify(bill)}`);
    }
});

// ---- on top of the table ----

test('the configuration, a file and other names go before the table', () => {
    writeConfig({ prices: { 'heron-9': { input: 1.5, output: 2 } },
        model_aliases: { 'our-best': 'claude-opus-5' } });
    const file = path.join(home, 'extra.json');
    fs.writeFileSync(file, '{"rates_usd_per_million":{"openai/gpt-5.6":{"input":7}}}');
    const env = { RUNTIME_USAGE_PRICING_FILE: file };
    const cost = (model) => json(['prices', 'explain', model, '--input', '1000000'], { env });
    assert.equal(cost('heron-9').listCost, 1.5);
    assert.equal(cost('our-best').listCost, 5);
    assert.equal(cost('our-best').rule, 'alias');
    assert.equal(cost('gpt-5.6').row.origin, 'file');
    assert.equal(cost('gpt-5.6').row.input, 7);
});

test('a bad price is named, and the table stays in force', () => {
    writeConfig({ prices: { 'gpt-5.6': { input: -1, output: 2 }, 'heron-9': { input: 1, output: 2 } } });
    const done = run(['prices', 'explain', 'gpt-5.6', '--input', '1000000', '--json']);
    assert.equal(done.code, 0);
    assert.match(done.err, /warning: .*config\.json: the price of gpt-5\.6: input must be dollars/);
    assert.equal(JSON.parse(done.out).row.origin, 'built in');
    writeConfig({ prices: 7 });
    assert.match(run(['prices', 'list']).err, /config\.json:1: prices takes an object/);
});

// ---- import ----

const LITELLM = {
    sample_spec: { input_cost_per_token: 0 },
    'gpt-5.6': { input_cost_per_token: 3e-6, output_cost_per_token: 1.5e-5, mode: 'chat' },
    'openai/gpt-5.6': { input_cost_per_token: 9e-6, output_cost_per_token: 1.5e-5 },
    'heron-9': { input_cost_per_token: 2.5e-7, output_cost_per_token: 1e-6,
        input_cost_per_token_above_200k_tokens: 5e-7, output_cost_per_token_above_200k_tokens: 2e-6 },
    'bad-1': { input_cost_per_token: -1, output_cost_per_token: 1 },
    'bad-2': { input_cost_per_token: 'a lot', output_cost_per_token: 1 },
    'a-picture': { input_cost_per_token: 1, mode: 'image_generation' },
};
const MODELS_DEV = {
    openai: { models: { 'heron-9': { cost: { input: 0.25, output: 1,
        context_over_200k: { input: 0.5, output: 2 } } } } },
    reseller: { models: { 'heron-9': { cost: { input: 99, output: 99 } } } },
};

function importJson(value, ...args) {
    fs.writeFileSync(path.join(home, 'file.json'), JSON.stringify(value));
    return json(['prices', 'import', 'file.json', ...args]);
}

test('import takes LiteLLM, names what it refuses, and says before what would change', () => {
    const dry = importJson(LITELLM, '--dry-run');
    assert.deepEqual([dry.format, dry.new, dry.changed, dry.refused], ['LiteLLM', 1, 1, 2]);
    assert.deepEqual(dry.rows.filter((row) => row.kind === 'refused').map((row) => row.model),
        ['bad-1', 'bad-2']);
    const changed = dry.rows.find((row) => row.kind === 'changed');
    assert.deepEqual([changed.before.input, changed.row.input, changed.row.validFrom],
        [4, 3, '2026-11-22']);
    assert.equal(fs.existsSync(path.join(home, '.config/tacho/prices.csv')), false);

    importJson(LITELLM);
    assert.equal(json(['prices', 'list', 'gpt-5.6', '--at', '2026-11-22']).prices[0].input, 3);
    assert.equal(json(['prices', 'list', 'gpt-5.6', '--at', '2026-11-21']).prices[0].input, 4);
    assert.deepEqual(json(['prices', 'list', 'heron-9']).prices[0].long,
        { above: 200000, input: 0.5, output: 2, cacheRead: 0.5, cacheWrite5m: 0.5, cacheWrite1h: 1 });
    const again = importJson(LITELLM);
    assert.deepEqual([again.new, again.changed], [0, 0]);
});

test('import takes models.dev, from makers only', () => {
    assert.equal(importJson(MODELS_DEV).format, 'models.dev');
    const row = json(['prices', 'list', 'heron-9']).prices[0];
    assert.deepEqual([row.input, row.long.input, row.origin], [0.25, 0.5, 'imported']);
});

test('import takes our own CSV, and refuses its bad rows', () => {
    fs.writeFileSync(path.join(home, 'own.csv'),
        'heron-9,2026-01-01,1,2,,,,,,,,,,,,,,,,,there,2026-01-01\nheron-8,,x,2,,,,,,,,,,,,,,,,,a,b\n');
    const done = json(['prices', 'import', 'own.csv']);
    assert.deepEqual([done.format, done.new, done.refused], ['CSV', 1, 1]);
    assert.equal(json(['prices', 'list', 'heron-9']).prices[0].validFrom, '2026-01-01');
});

test('import of what is no price list changes nothing', () => {
    fs.writeFileSync(path.join(home, 'x.json'), '{"a":');
    assert.match(run(['prices', 'import', 'x.json']).err, /x\.json: this is not valid JSON/);
    fs.writeFileSync(path.join(home, 'x.json'), '{}');
    assert.match(run(['prices', 'import', 'x.json']).err, /no prices were found/);
    assert.equal(run(['prices', 'import', 'nothere.json']).code, 1);
    assert.equal(run(['prices', 'import']).code, 2);
});

// ---- reprice ----

test('reprice says what moved, and every view follows', () => {
    writeLog([['2026-11-20T10:00:00.000Z', 'heron-9', 1000000, 0],
        ['2026-11-21T10:00:00.000Z', 'gpt-5.6', 1000, 100]]);
    assert.equal(json(['daily']).totals.unpricedTokens, 1000000);
    assert.equal(good(['reprice']), '2 events looked at, no cost has moved.\n 1 have no price\n'.replace('\n ', '\n'));
    writeConfig({ prices: { 'heron-9': { input: 1.5, output: 2 } } });

    const stale = run(['daily', '--json']);
    assert.match(stale.err, /'tacho reprice'/);
    assert.equal(run(['daily', '--quiet']).err, '');
    assert.equal(JSON.parse(stale.out).totals.unpricedTokens, 1000000);

    assert.deepEqual(json(['reprice', '--since', '2026-11-21']).changed, 0);
    assert.match(run(['daily']).err, /reprice/); // a part says nothing about the rest
    assert.equal(good(['reprice']), `\
2 events looked at, 1 cost has moved: $0.006 -> $1.506
1 had no price and have one now
`);
    const report = json(['daily']);
    assert.equal(report.totals.totalCost, 1.506);
    assert.equal(report.totals.unpriced, false);
    assert.deepEqual(report.daily.map((row) => row.totalCost), [1.5, 0.006]);
    assert.equal(json(['daily', '--timezone', 'Asia/Tokyo']).totals.totalCost, 1.506);
});

// ---- which cost, and what a plan is worth ----

test('--cost shows list, logged or mixed cost, in tables and in JSON', () => {
    writeLog([['2026-11-20T10:00:00.000Z', 'gpt-5.6', 1000000, 0, { costUSD: 1.25 }],
        ['2026-11-20T11:00:00.000Z', 'gpt-5.6', 1000, 0],
        ['2026-11-20T12:00:00.000Z', 'gpt-5.6', 1000, 0, { costUSD: 0 }],
        ['2026-11-20T13:00:00.000Z', 'heron-9', 10, 0, { costUSD: 0.5 }]]);
    const of = (kind) => {
        const { totals, costMode } = json(['daily', ...(kind ? ['--cost', kind] : [])]);
        return [costMode, totals.totalCost, totals.unpricedTokens, totals.loggedCost];
    };
    // 1,000,000 tokens are a long prompt: $8 a million
    assert.deepEqual(of(), ['list', 8.008, 10, 1.75]);
    assert.deepEqual(of('list'), ['list', 8.008, 10, 1.75]);
    assert.deepEqual(of('logged'), ['logged', 1.75, 1000, 1.75]);
    assert.deepEqual(of('auto'), ['auto', 1.758, 0, 1.75]);
    assert.match(good(['daily', '--cost', 'logged']),
        /costs are what agents logged\n\+ 1,000 tokens have no logged cost\n/);
    assert.match(good(['daily', '--cost', 'auto']), /\$1\.76\n/);
    assert.equal(run(['daily', '--cost', 'some']).code, 2);
});

test("a plan's worth is told in tables, at a glance and in JSON", () => {
    writeConfig({ plans: { claude: 20 } });
    writeLog([['2026-11-02T10:00:00.000Z', 'gpt-5.6', 100000, 0],
        ['2026-11-20T10:00:00.000Z', 'gpt-5.6', 100000, 0],
        ['2026-10-20T10:00:00.000Z', 'gpt-5.6', 100000, 0]]);
    assert.match(good(['daily', '--since', '2026-11-01', '--limit', '1']),
        /\nclaude: API value \$0\.80 on a \$20 plan, 2026-11-01 to 2026-11-20\n/);
    assert.match(good([]), /\nclaude: API value \$0\.80 on a \$20 plan, 2026-11-01 to 2026-11-22\n/);
    assert.deepEqual(json(['daily']).plans,
        [{ agent: 'claude', monthlyPrice: 20, apiValue: 1.2, unpriced: false }]);
    writeConfig({ plans: { claude: 'a lot' } });
    assert.match(run(['daily']).err, /plans: claude must be dollars a month/);
});

test('what has no price is named, with the way to give it one', () => {
    writeLog([['2026-11-20T10:00:00.000Z', 'heron-9', 10, 0]]);
    assert.match(good(['daily']), /10 tokens have no known price\nadd a price .*"heron-9": \{"input"/);
    const report = json(['daily']);
    assert.deepEqual(report.unpricedModels, ['heron-9']);
    assert.match(report.hint, /"prices"/);
});

test('explain takes an event by the id that export shows', () => {
    writeLog([['2026-08-20T10:00:00.000Z', 'gpt-5.6', 1000, 100],
        ['2026-08-21T10:00:00.000Z', 'gpt-5.6', 1000, 100]]);
    const [first] = good(['export', '--format', 'jsonl']).trim().split('\n').map((l) => JSON.parse(l));
    const bill = json(['prices', 'explain', String(first.id)]);
    assert.equal(bill.at, '2026-08-20T10:00:00.000Z');
    assert.equal(bill.listCost, 0.008);
    assert.equal(bill.listCost, first.costUSD);
    const missing = run(['prices', 'explain', '999999999']);
    assert.equal(missing.code, 1);
    assert.match(missing.err, /the ledger has no event 999999999/);
});
