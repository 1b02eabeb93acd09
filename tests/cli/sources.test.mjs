// tests/cli/sources.test.mjs — `tacho sources`, and the configuration that says where to look.
//
// Spawns the real program over home folders made of golden cases.
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const tacho = path.join(path.resolve(process.env.TACHO_BIN_DIR ?? path.join(here, '../../build')), 'tacho');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tacho-sources-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

let homes = 0;
let home;
beforeEach(() => {
    home = path.join(scratch, `home-${++homes}`);
    fs.mkdirSync(home);
});

const put = (agent, name, to = home) =>
    fs.cpSync(path.join(here, '../golden', agent, name, 'in'), to, { recursive: true });

function configure(settings) {
    fs.mkdirSync(path.join(home, '.config/tacho'), { recursive: true });
    fs.writeFileSync(path.join(home, '.config/tacho/config.json'), JSON.stringify(settings));
}

function run(...words) {
    const { status, stdout, stderr } = spawnSync(tacho, words, {
        env: { PATH: process.env.PATH, HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
        encoding: 'utf8',
    });
    return { status, stdout, stderr };
}

const agents = () => {
    const { status, stdout } = run('sources', '--json');
    assert.equal(status, 0);
    return Object.fromEntries(JSON.parse(stdout).sources.map((s) => [s.agent, s]));
};

test('every agent is told with what was found of it', () => {
    put('claude', 'api-error-429');
    put('gemini', 'bytes');
    const found = agents();
    assert.equal(found.claude.files, 1);
    assert.equal(found.claude.events, 1);
    assert.equal(found.claude.first, '2026-09-01T10:00:03.000Z');
    assert.equal(found.codex.files, 0);
    assert.equal(found.codex.first, null);
    assert.ok(found.claude.roots.some((r) => r.found && r.path.endsWith('/.claude/projects')));
    const text = run('sources').stdout;
    assert.match(text, /^Claude Code \(claude\)\n {4}1 file, .* 1 response from 2026-09-01/m);
    assert.match(text, /^Nothing found of:$/m);
    assert.match(text, /Cursor/);
});

test('a strange line is told by reason and place, never by its text', () => {
    put('gemini', 'bytes');
    const [problem] = agents().gemini.problems;
    assert.equal(problem.kind, 'not_json');
    assert.equal(problem.lines, 1);
    assert.equal(problem.line, 4);
    const { stdout } = run('sources');
    assert.match(stdout, /1 x no valid JSON, first at ~\/\.gemini\/.*\.jsonl:4\n/);
    assert.doesNotMatch(stdout, /tokens":\{"input"/);
});

test('a format that is not understood any more is said to have changed', () => {
    const folder = path.join(home, '.claude/projects/-w');
    fs.mkdirSync(folder, { recursive: true });
    const line = { type: 'assistant', timestamp: '2026-11-20T09:00:00Z', sessionId: 's',
        message: { id: 'm', model: 'x', usage: 'renamed' } };
    fs.writeFileSync(path.join(folder, 's.jsonl'), `${JSON.stringify(line)}\n`);
    assert.equal(agents().claude.formatMayHaveChanged, true);
    assert.match(run('sources').stdout, /The format may have changed/);
});

test('an agent can be switched off', () => {
    put('gemini', 'basic');
    configure({ sources: { gemini: false } });
    assert.equal(agents().gemini.enabled, false);
    assert.equal(agents().gemini.events, 0);
    assert.match(run('sources').stdout, /Gemini CLI {2}switched off in the configuration/);
});

test('folders and whole homes can be added', () => {
    const other = path.join(scratch, 'other');
    put('gemini', 'basic', other);
    put('claude', 'api-error-429', path.join(scratch, 'backup'));
    configure({ sources: {
        homes: [other], claude: [path.join(scratch, 'backup/.claude/projects')] } });
    assert.equal(agents().gemini.events, 1);
    assert.equal(agents().claude.events, 1);
});

for (const [what, sources, message] of [
    ['an unknown agent', { codx: false }, /"codx" is no agent that is known/],
    ['a number', { claude: 5 }, /"claude" takes true, false or a list of folders/],
    ['homes that are no list', { homes: true }, /"homes" takes a list of folders/],
    ['an empty folder', { claude: [''] }, /"claude" takes true, false or a list of folders/],
]) {
    test(`${what} among the sources is refused by name`, () => {
        configure({ sources });
        const { status, stderr } = run('sources');
        assert.equal(status, 2);
        assert.match(stderr, message);
    });
}
