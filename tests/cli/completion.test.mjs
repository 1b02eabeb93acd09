// tests/cli/completion.test.mjs — completions in the shells they are for, the manual in mandoc.
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
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'tacho-completion-'));
after(() => fs.rmSync(home, { recursive: true, force: true }));

function run(program, args) {
    const done = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000,
        env: { HOME: home, PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TERM: 'dumb' } });
    assert.equal(done.error, undefined);
    assert.equal(done.status, 0, done.stderr + done.stdout);
    return done.stdout;
}

function script(shell) {
    const file = path.join(home, shell);
    fs.writeFileSync(file, run(path.join(binDir, 'tacho'), ['completion', shell]));
    return file;
}

const CASES = [
    [['tacho', 'mon'], ['monthly']],
    [['tacho', 'daily', '--or'], ['--order']],
    [['tacho', 'daily', '--order', ''], ['asc', 'desc']],
    [['tacho', 'ledger', 're'], ['rebuild']],
    [['tacho', 'blocks', '--act'], ['--active']],
    [['tacho', 'daily', '--act'], []],
];

test('bash completes commands, options and their values', () => {
    const file = script('bash');
    for (const [words, want] of CASES) {
        const list = words.map((word) => `'${word}'`).join(' ');
        const out = run('bash', ['--norc', '-c', `source ${file}; COMP_WORDS=(${list}); `
            + `COMP_CWORD=${words.length - 1}; _tacho; echo "\${COMPREPLY[@]}"`]);
        assert.deepEqual(out.split(/\s+/).filter(Boolean), want, words.join(' '));
    }
});

test('fish completes the same', () => {
    const file = script('fish');
    for (const [words, want] of CASES) {
        const out = run('fish', ['--no-config', '-c',
            `source ${file}; complete -C '${words.join(' ')}'`]);
        const got = out.split('\n').filter(Boolean).map((line) => line.split('\t')[0]);
        assert.deepEqual(got, want, words.join(' '));
    }
});

test('zsh loads it and binds it to the program', () => {
    const file = script('zsh');
    assert.equal(run('zsh', ['-f', '-c', `autoload -Uz compinit; compinit -u -d ${home}/dump; `
        + `source ${file}; print $_comps[tacho]`]), '_tacho\n');
    run('zsh', ['-f', '-n', file]);
});

test('mandoc has nothing to say about the manual page', () => {
    assert.equal(run('mandoc', ['-Tlint', '-Wstyle', script('man')]), '');
    const text = run('mandoc', ['-Tutf8', script('man')]).replace(/.\u0008/g, '');
    for (const word of ['blocks', '--token-limit', 'EXIT STATUS', 'completion'])
        assert.ok(text.includes(word), word);
});
