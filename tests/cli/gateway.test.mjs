// tests/cli/gateway.test.mjs — `tacho gateway eval`: a document out of recorded answers.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const binDir = path.resolve(process.env.TACHO_BIN_DIR ?? path.join(here, '../../build'));
const tacho = path.join(binDir, 'tacho');
const seeds = path.join(here, '../../fuzz/corpus/gateway_eval');
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'tacho-gateway-'));
after(() => fs.rmSync(home, { recursive: true, force: true }));

const NOW = ['--now', '2026-11-22T10:00:00Z'];

function run(args, input, { env = {}, stdio } = {}) {
    const done = spawnSync(tacho, args, {
        env: { HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8', PATH: process.env.PATH, ...env },
        encoding: 'utf8', timeout: 60_000, cwd: home, input, stdio, maxBuffer: 1 << 28,
    });
    assert.equal(done.error, undefined);
    return { code: done.status, out: done.stdout, err: done.stderr };
}

function evaluate(answers, options) {
    const done = run(['gateway', 'eval', ...NOW], JSON.stringify(answers), options);
    assert.equal(done.code, 0, done.err);
    return { ...JSON.parse(done.out), err: done.err };
}

function seed(name) {
    return fs.readFileSync(path.join(seeds, name), 'utf8');
}

function priceFile(text) {
    const file = path.join(home, 'prices.json');
    fs.writeFileSync(file, text);
    return { env: { RUNTIME_USAGE_PRICING_FILE: file } };
}

const PARTS = ['generated_at', 'gateway_id', 'data', 'sources', 'range', 'window', 'current',
    'burn_rate', 'predictions', 'per_model', 'top_sessions', 'providers'];

test('answers of today make this document', () => {
    const { out, err, code } = run(['gateway', 'eval', ...NOW], seed('today.json'));
    assert.equal(err, '');
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), {
        generated_at: '2026-11-22T10:00:00.000Z', gateway_id: 'g', data: 'complete',
        sources: { 'usage.cost': 'ok', 'usage.status': 'ok', 'sessions.usage': 'ok', pricing: 'ok' },
        range: { from: '2026-11-22', to: '2026-11-22' },
        window: { key: '5h', started_at: '2026-11-22T07:00:00.000Z',
            resets_at: '2026-11-22T12:00:00.000Z', reset_in_ms: 7200000,
            source: 'provider_native', confidence: 'high' },
        current: { total_cost_usd: 0.02025, total_tokens: 2950, total_output_tokens: 950,
            total_calls: 2, output_token_limit: 1000, output_token_limit_pct: 95,
            output_token_limit_source: 'configured_limit', total_token_limit: null,
            total_token_limit_pct: null, total_token_limit_source: null, message_limit: null,
            message_pct: null, message_limit_source: null, token_limit: 1000, token_pct: 95,
            token_limit_source: 'configured_limit', cost_limit_usd: 2, cost_pct: 1,
            cost_limit_source: 'configured_limit' },
        burn_rate: { tokens_per_minute: 98.3333, output_tokens_per_minute: 31.6667,
            cost_usd_per_minute: 0.00186667, basis: 'quarter_hours' },
        predictions: { time_to_limit_ms: 94736, safe: false, limit_kind: 'output_tokens' },
        per_model: { 'anthropic/claude-sonnet-4-6': { provider: 'anthropic', account_key: 'team',
            model: 'claude-sonnet-4-6', input_tokens: 2000, output_tokens: 950,
            cache_read_tokens: 0, cache_write_tokens: 0, total_tokens: 2950, cost_usd: 0.02025,
            calls: 2, unpriced: false, source: 'gateway_aggregates' } },
        top_sessions: [{ session_id: 's1', label: null, model: 'anthropic/claude-sonnet-4-6',
            cost_usd: 0.056, total_tokens: 2950, updated_at: '2026-11-22T09:33:20.000Z',
            source: 'local_jsonl_estimate' }],
        providers: [
            { provider: 'anthropic', display_name: 'Claude', plan: 'max', error: null, windows: [
                { label: '5h', used_percent: 37.5, resets_at: '2026-11-22T12:00:00.000Z',
                    started_at: '2026-11-22T07:00:00.000Z',
                    pacing: { delta: -0.225, zone: 'chill' } },
                { label: 'Week', used_percent: 12, resets_at: '2026-11-27T03:06:40.000Z',
                    started_at: '2026-11-20T03:06:40.000Z',
                    pacing: { delta: -0.2067, zone: 'chill' } }] },
            { provider: 'openrouter', display_name: null, plan: null, windows: [],
                error: 'Timeout' }],
    });
});

test('the same answers make the same bytes, keys in their order', () => {
    for (const name of fs.readdirSync(seeds)) {
        const first = run(['gateway', 'eval', ...NOW], seed(name));
        assert.deepEqual(run(['gateway', 'eval', ...NOW], seed(name)), first);
        assert.deepEqual(Object.keys(JSON.parse(first.out)), PARTS);
    }
});

test('--now goes before the time in the text, that before the clock', () => {
    const at = (args, answers) =>
        JSON.parse(run(['gateway', 'eval', ...args], JSON.stringify(answers)).out).generated_at;
    assert.equal(at(NOW, { now: 1795000000 }), '2026-11-22T10:00:00.000Z');
    assert.equal(at([], { now: 1795000000 }), '2026-11-18T11:06:40.000Z');
    assert.ok(Math.abs(Date.parse(at([], {})) - Date.now()) < 60_000);
});

test('the price file goes before the table, in both its shapes', () => {
    const answers = { sessions: [{ model: 'claude-haiku-4-5', inputTokens: 1e6 }] };
    const key = 'anthropic/claude-haiku-4-5';
    const rates = { [key]: { input: 7 } };
    const cost = (options) => evaluate(answers, options).per_model[key].cost_usd;
    assert.equal(cost({}), 1);
    assert.equal(cost(priceFile(JSON.stringify(rates))), 7);
    assert.equal(cost(priceFile(JSON.stringify({ rates_usd_per_million: rates }))), 7);
});

test('a price file that makes no sense is told twice, and the table is used', () => {
    const answers = { sessions: [{ model: 'claude-haiku-4-5', inputTokens: 1e6 }] };
    for (const text of ['{', '[]', '{"rates_usd_per_million":7}']) {
        const document = evaluate(answers, priceFile(text));
        assert.match(document.sources.pricing, /^error: .*prices\.json/);
        assert.match(document.err, /warning: .*prices\.json/);
        assert.equal(document.per_model['anthropic/claude-haiku-4-5'].cost_usd, 1);
    }
});

test('what is no JSON makes a document too, and a sentence that names the place', () => {
    for (const [input, place] of [['', /line 1/], ['{"cost":\n{', /line 2/], ['[]', /object/],
        ['\u0000\u0001', /line 1/], ['['.repeat(100000), /line 1/]]) {
        const { code, out, err } = run(['gateway', 'eval', ...NOW], input);
        assert.equal(code, 0);
        assert.equal(JSON.parse(out).data, 'none');
        assert.match(err, /^tacho: warning: stdin: /);
        assert.match(err, place);
        assert.equal(err.trimEnd().split('\n').length, 1);
    }
});

test('what cannot be read at all is an error', () => {
    const folder = fs.openSync(home, 'r');
    const done = run(['gateway', 'eval'], undefined, { stdio: [folder, 'pipe', 'pipe'] });
    fs.closeSync(folder);
    assert.equal(done.code, 74);
    assert.match(done.err, /cannot read stdin: Is a directory/);
    const large = run(['gateway', 'eval'], ' '.repeat((64 << 20) + 1));
    assert.equal(large.code, 2);
    assert.match(large.err, /more than 64 MiB/);
});

test('a command without its word is explained', () => {
    const { code, err } = run(['gateway'], '');
    assert.equal(code, 2);
    assert.match(err, /tacho help gateway/);
});

test('ten thousand sessions are read', () => {
    const sessions = Array.from({ length: 10000 }, (_, i) => ({
        sessionId: `s${i}`, modelProvider: 'anthropic', model: 'claude-opus-5', updatedAt: 1795340000,
        usage: { input: 10, output: 5, totalCost: 0.0001, modelUsage: [{ provider: 'anthropic',
            model: 'claude-opus-5', count: 1, totals: { input: 10, output: 5, totalCost: 0.0001 } }] },
    }));
    const document = evaluate({ sessions: { aggregates: {}, sessions } });
    assert.equal(document.current.total_tokens, 150000);
    assert.equal(document.current.total_cost_usd, 1);
    assert.equal(document.top_sessions.length, 10);
});
