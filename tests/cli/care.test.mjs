// tests/cli/care.test.mjs — configuration, service, browser: what is set up once and looked after.
//
// Spawns the real program over home folders made up here; what it would start (an editor, a
// browser, the manager of services) is a script that writes down how it was called.
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const binDir = path.resolve(process.env.TACHO_BIN_DIR ?? path.join(here, '../../build'));
const tacho = path.join(binDir, 'tacho');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tacho-care-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

let homes = 0;
let home, bin, calls, file;
beforeEach(() => {
    home = path.join(scratch, `home-${++homes}`);
    bin = path.join(home, 'bin');
    calls = path.join(home, 'calls');
    file = path.join(home, '.config/tacho/config.json');
    fs.mkdirSync(bin, { recursive: true });
});

function run(words, env = {}) {
    const { status, stdout, stderr } = spawnSync(tacho, words, {
        env: { PATH: `${bin}:${process.env.PATH}`, HOME: home, TZ: 'UTC', LC_ALL: 'C.UTF-8', ...env },
        encoding: 'utf8',
    });
    return { status, stdout, stderr };
}

function ok(...words) {
    const { status, stdout, stderr } = run(words);
    assert.equal(stderr, '');
    assert.equal(status, 0);
    return stdout;
}

function refused(message, ...words) {
    const { status, stdout, stderr } = run(words);
    assert.match(stderr, message);
    assert.equal(stdout, '');
    assert.equal(status, 2);
}

function configure(text) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
}

function script(name, lines) {
    fs.writeFileSync(path.join(bin, name), `#!/bin/sh\necho "${name} $*" >>'${calls}'\n${lines}\n`,
        { mode: 0o755 });
}
const called = () => (fs.existsSync(calls) ? fs.readFileSync(calls, 'utf8').trimEnd().split('\n') : []);
const mode = (name) => fs.statSync(name).mode & 0o777;

// ---- config get ----

test('config get says what holds and where it comes from', () => {
    configure('{\n  "port": 8300,\n  "host": ["kitchen.local"]\n}\n');
    assert.equal(ok('config', 'get', 'port'), `port = 8300  (configuration: ${file}:2)\n`);
    assert.equal(ok('config', 'get', 'host'), `host = ["kitchen.local"]  (configuration: ${file}:3)\n`);
    assert.equal(ok('config', 'get', 'listen'), 'listen = "127.0.0.1"  (default)\n');
    assert.equal(ok('config', 'get', 'webhook'), 'webhook = nothing  (default)\n');
    assert.equal(ok('config', 'get', 'timezone', '--timezone', 'UTC'), 'timezone = "UTC"  (option)\n');
    assert.match(ok('config', 'get', 'db'), /tacho\.db"  \(default\)\n$/);
});

test('config get knows what the environment and an orchestrator say', () => {
    const agents = path.join(home, 'agents.json');
    fs.writeFileSync(agents, '{\n"usage_reset": "friday 06:00 UTC",\n"usage_threshold_tokens": 5\n}');
    configure(JSON.stringify({ agents_config: agents, usage_reset: 'monday 00:00 UTC' }));
    assert.equal(ok('config', 'get', 'usage-reset'),
        `usage_reset = "friday 06:00 UTC"  (agents_config: ${agents}:2)\n`);
    assert.equal(ok('config', 'get', 'usage_threshold_tokens'),
        `usage_threshold_tokens = 5  (agents_config: ${agents}:3)\n`);
    assert.equal(run(['config', 'get', 'color'], { NO_COLOR: '1' }).stdout,
        'color = "never"  (environment)\n');
});

test('config get --json has every key, with its value as it is', () => {
    configure('{"prices": {"x": {"input": 0.10}}}');
    const all = JSON.parse(ok('config', 'get', '--json'));
    const keys = Object.fromEntries(all.map((k) => [k.key, k]));
    assert.deepEqual(keys.prices.value, { x: { input: 0.1 } });
    assert.equal(keys.prices.origin, 'configuration');
    assert.deepEqual(keys.port, { key: 'port', value: 8224, origin: 'default' });
    assert.equal(keys.webhook.value, null);
    assert.equal(keys.since, undefined);
});

test('a key that is none is refused, and the near one told', () => {
    refused(/no key 'prot'; did you mean 'port'\?/, 'config', 'get', 'prot');
    refused(/no key 'since'/, 'config', 'set', 'since', '7d');
});

// ---- config set ----

test('config set makes the file, for its owner alone', () => {
    assert.equal(ok('config', 'set', 'port', '8300'), `port is set in ${file}\n`);
    assert.equal(fs.readFileSync(file, 'utf8'), '{\n    "port": 8300\n}\n');
    assert.equal(mode(file), 0o600);
});

test('config set leaves all else as it was written', () => {
    configure('{\n  "prices": {"x": {"input": 0.10}},\n  "port":8300\n}\n');
    ok('config', 'set', 'port', '8400');
    ok('config', 'set', 'host', 'a.local');
    ok('config', 'set', 'timezone', 'Europe/Berlin');
    ok('config', 'set', 'timezone', 'UTC');
    assert.equal(fs.readFileSync(file, 'utf8'),
        '{\n  "prices": {"x": {"input": 0.10}},\n  "port":8400,\n  "host": ["a.local"],\n' +
        '  "timezone": "UTC"\n}\n');
    assert.equal(mode(file), 0o600);
});

for (const [what, before, want] of [
    ['one line', '{"quiet_": 1}', null],
    ['an empty object', '{}', '{\n    "port": 1\n}'],
    ['an object on one line', '{ "compact": true }\n', '{ "compact": true, "port": 1 }\n'],
    ['nothing', '', '{\n    "port": 1\n}\n'],
]) {
    test(`config set finds its place in ${what}`, () => {
        configure(before);
        const { status } = run(['config', 'set', 'port', '1']);
        assert.equal(status, want === null ? 2 : 0);
        assert.equal(fs.readFileSync(file, 'utf8'), want ?? before);
    });
}

for (const [key, value, message] of [
    ['port', '0', /port takes a whole number from 1 to 65535, not '0'/],
    ['compact', 'perhaps', /compact takes true or false, not 'perhaps'/],
    ['order', 'up', /order takes asc or desc, not 'up'/],
    ['timezone', 'Mars/Crater', /Mars\/Crater/],
    ['host', '[1]', /host takes a list of texts/],
    ['prices', '{"x":', /config\.json:\d+/],
    ['usage_reset', 'noday 00:00', /noday/],
    ['sources', '{"codx": false}', /codx/],
]) {
    test(`config set refuses ${key} = ${value} and changes nothing`, () => {
        configure('{ "compact": true }\n');
        refused(message, 'config', 'set', key, value);
        assert.equal(fs.readFileSync(file, 'utf8'), '{ "compact": true }\n');
    });
}

test('a text is written as JSON, whatever is in it', () => {
    ok('config', 'set', 'pricing_file', '/a "b"\\c');
    assert.deepEqual(JSON.parse(fs.readFileSync(file, 'utf8')), { pricing_file: '/a "b"\\c' });
});

test('config set does not touch a file that is wrong, and says where it is', () => {
    configure('{\n  "prot": 1\n}\n');
    refused(/config\.json:2: unknown key 'prot'/, 'config', 'set', 'port', '1');
    configure('{ "port": 1, }');
    refused(/config\.json:1:/, 'config', 'set', 'port', '2');
    assert.equal(fs.readFileSync(file, 'utf8'), '{ "port": 1, }');
});

test('a configuration that is a link stays one', () => {
    const real = path.join(home, 'dotfiles.json');
    fs.writeFileSync(real, '{}\n');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.symlinkSync(real, file);
    ok('config', 'set', 'port', '8300');
    assert.ok(fs.lstatSync(file).isSymbolicLink());
    assert.deepEqual(JSON.parse(fs.readFileSync(real, 'utf8')), { port: 8300 });
});

test('config takes no more words than it knows what to do with', () => {
    refused(/needs a KEY and its VALUE/, 'config', 'set', 'port');
    refused(/'config path' does not know what to do with 'x'/, 'config', 'path', 'x');
    refused(/does not know what to do with 'b'/, 'config', 'get', 'port', 'b');
});

// ---- config path, edit, schema ----

test('config path and edit work on a file that is wrong', () => {
    configure('{ "prot": 1 }');
    assert.equal(ok('config', 'path'), `${file}\n`);
    script('ed', `echo '{ "port": 8300 }' >"$2"`);
    const { status, stderr } = run(['config', 'edit'], { EDITOR: 'ed -w' });
    assert.equal(stderr, '');
    assert.equal(status, 0);
    assert.deepEqual(called(), [`ed -w ${file}`]);
    assert.match(ok('config', 'get', 'port'), /8300/);
});

test('config edit begins with an object and says what became wrong', () => {
    script('ed', `cat "$1" >'${home}/seen'; echo '{ "prot": 1 }' >"$1"`);
    const { status, stderr } = run(['config', 'edit'], { VISUAL: 'ed', EDITOR: 'false' });
    assert.equal(status, 2);
    assert.match(stderr, /config\.json:1: unknown key 'prot'; did you mean 'port'\?/);
    assert.equal(fs.readFileSync(`${home}/seen`, 'utf8'), '{\n}\n');
    assert.equal(run(['config', 'edit'], { EDITOR: 'false' }).status, 69);
});

test('the schema says what the file may hold, and may be named in it', () => {
    const schema = JSON.parse(ok('config', 'schema'));
    assert.equal(schema.additionalProperties, false);
    assert.deepEqual(schema.properties.port, { description: 'port to listen on', type: 'integer',
        minimum: 1, maximum: 65535, default: 8224 });
    assert.deepEqual(schema.properties.color.enum, ['auto', 'always', 'never']);
    assert.equal(schema.properties.since, undefined);
    const keys = JSON.parse(ok('config', 'get', '--json')).map((k) => k.key);
    assert.deepEqual(Object.keys(schema.properties), ['$schema', ...keys]);
    configure('{ "$schema": "./schema.json", "port": 8300 }');
    assert.match(ok('config', 'get', 'port'), /8300/);
});

// ---- service ----

const unit = () => path.join(home, '.config/systemd/user/tacho.service');

test('service install writes the unit and has systemd start it', () => {
    script('systemctl', 'exit 0');
    assert.match(ok('service', 'install'), /^The daemon runs, and will at every login/);
    const text = fs.readFileSync(unit(), 'utf8');
    assert.ok(text.startsWith('[Unit]\n'));
    assert.ok(text.includes(`\nExecStart="${fs.realpathSync(path.join(binDir, 'tachod'))}" "serve"\n`));
    assert.match(text, /\nType=notify\n[^]*\nWantedBy=default\.target\n$/);
    assert.deepEqual(called(), ['systemctl --user daemon-reload',
        'systemctl --user enable --now tacho.service']);
    const { status, stdout } = run(['service', 'status']);
    assert.equal(stdout, `installed: ${unit()}\nrunning\n`);
    assert.equal(status, 0);
});

test('a service keeps the ledger and the configuration it was installed with', () => {
    script('systemctl', 'exit 0');
    fs.writeFileSync(path.join(home, '100%.json'), '{}');
    ok('service', 'install', '--config', path.join(home, '100%.json'), '--db', '/x/$y.db');
    assert.ok(fs.readFileSync(unit(), 'utf8').includes(
        `"serve" "--config" "${home}/100%%.json" "--db" "/x/$$y.db"\n`));
    refused(/--db has to be an absolute path for a service, not 'x\.db'/, 'service', 'install',
        '--db', 'x.db');
});

test('a dry run tells everything and does nothing', () => {
    script('systemctl', 'exit 0');
    const told = ok('service', 'install', '--dry-run');
    assert.match(told, /^would write .*tacho\.service:\n\n\[Unit\]/);
    assert.match(told, /\nwould run: systemctl --user enable --now tacho\.service\n$/);
    assert.ok(!fs.existsSync(unit()));
    assert.deepEqual(called(), []);
});

test('service status and uninstall', () => {
    const none = run(['service', 'status']);
    assert.equal(none.status, 1);
    assert.match(none.stdout, /^not installed; 'tacho service install' does it/);
    assert.equal(ok('service', 'uninstall'), 'not installed\n');
    script('systemctl', 'exit 0');
    ok('service', 'install');
    script('systemctl', 'exit 3');
    const idle = run(['service', 'status']);
    assert.equal(idle.status, 1);
    assert.match(idle.stdout, /\nnot running\n$/);
    assert.match(ok('service', 'uninstall', '--dry-run'), /would remove/);
    assert.ok(fs.existsSync(unit()));
    assert.match(ok('service', 'uninstall'), /ended with 3\nRemoved /);
    assert.ok(!fs.existsSync(unit()));
});

test('a manager that refuses is told of', () => {
    script('systemctl', 'exit 1');
    const { status, stderr } = run(['service', 'install']);
    assert.equal(status, 69);
    assert.match(stderr, /'systemctl --user daemon-reload' ended with 1/);
});

// ---- open ----

test('open says how to start a daemon where none runs', () => {
    const { status, stderr } = run(['open'], { BROWSER: 'browse' });
    assert.equal(status, 69);
    assert.match(stderr, /no daemon serves .*tacho\.db; 'tacho serve --background' starts one/);
});

async function freePort() {
    const listener = net.createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address();
    listener.close();
    await once(listener, 'close');
    return port;
}

/** Runs `work` while a daemon serves this home. */
async function served(work) {
    const port = await freePort();
    assert.equal(run(['serve', '--background', '--port', String(port)]).status, 0);
    try {
        await work(`http://127.0.0.1:${port}`);
    } finally {
        run(['serve', '--stop']);
    }
}

test('open gives the address to the browser, and to whoever has none', () => served((url) => {
    script('browse', 'exit 0');
    const shown = run(['open'], { BROWSER: 'browse' });
    assert.equal(shown.status, 0);
    assert.equal(shown.stdout.trim().replace(/\/$/, ''), url);
    assert.deepEqual(called(), [`browse ${shown.stdout.trim()}`]);
    assert.match(run(['open']).stdout, /\nThere is no browser here; open that address/);
    assert.match(run(['open'], { BROWSER: 'no-such-program' }).stdout,
        /\n'no-such-program' did not open it/);
}));

test('config get knows what the page has set', () => served(async (url) => {
    const answer = await fetch(`${url}/api/settings`, { method: 'PATCH',
        headers: { 'content-type': 'application/json' }, body: '{"thresholds":[50,60]}' });
    assert.equal(answer.status, 200);
    assert.equal(ok('config', 'get', 'thresholds'), 'thresholds = [50,60]  (page)\n');
}));
