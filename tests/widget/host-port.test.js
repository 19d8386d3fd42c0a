import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { HostPort, isAllowedOrigin, readEnvelope } from '../../widget/app/host-port.js';

const HOST = 'https://careers.example';

/** A window inside the window of a host page, as far as the handshake sees it. */
function openFrame() {
  const sent = [];
  const parent = { postMessage: (message, target) => sent.push({ message, target }) };
  const receive = [];
  globalThis.window = { parent };
  globalThis.addEventListener = (_, listener) => receive.push(listener);
  const deliver = (event) => {
    for (const listener of receive) listener({ ports: [], ...event });
  };
  return { parent, sent, deliver };
}

/** The host's end of the line. */
function line() {
  const heard = [];
  return { heard, port: { postMessage: (message) => heard.push(message), onmessage: null } };
}

let frame;
beforeEach(() => {
  frame = openFrame();
});
afterEach(() => {
  delete globalThis.window;
  delete globalThis.addEventListener;
});

function connected(host, overrides = {}) {
  const { heard, port } = line();
  const data = { vv: 1, t: 'connect', d: { nonce: host.nonce } };
  frame.deliver({ source: frame.parent, origin: HOST, data, ports: [port], ...overrides });
  return { heard, port };
}

test('what was said before the line stood is said once it does', () => {
  const host = new HostPort([HOST]);
  host.greet();
  host.post('resize', { height: 400 });
  assert.equal(frame.sent[0].message.t, 'hello');
  const { heard } = connected(host);
  assert.deepEqual(heard, [{ vv: 1, t: 'resize', d: { height: 400 } }]);
});

test('only the parent, with our nonce, from a listed origin, gets the line', () => {
  const forgeries = [
    { source: {} },
    { origin: 'https://elsewhere.example' },
    { data: { vv: 1, t: 'connect', d: { nonce: 'guess' } } },
    { data: { vv: 2, t: 'connect', d: {} } },
    { data: 'connect' },
    { ports: [] },
  ];
  for (const forgery of forgeries) {
    const host = new HostPort([HOST]);
    host.greet();
    host.post('ready');
    const { heard } = connected(host, forgery);
    assert.deepEqual(heard, []);
    assert.equal(host.port, null);
  }
});

test('a second offer does not replace the line', () => {
  const host = new HostPort([HOST]);
  host.greet();
  const first = connected(host);
  connected(host);
  host.post('started');
  assert.equal(first.heard.length, 1);
});

test('messages of the host reach the one who listens for them, unknown ones nobody', () => {
  const host = new HostPort([HOST]);
  const tokens = [];
  host.on('token', ({ token }) => tokens.push(token));
  host.greet();
  const { port } = connected(host);
  port.onmessage({ data: { vv: 1, t: 'token', d: { token: 'abc' } } });
  port.onmessage({ data: { vv: 1, t: 'future' } });
  port.onmessage({ data: { t: 'token', d: { token: 'forged' } } });
  assert.deepEqual(tokens, ['abc']);
});

test('origins are compared whole; a wildcard stands for subdomains only', () => {
  assert.ok(isAllowedOrigin('https://a.example', ['https://a.example']));
  assert.ok(!isAllowedOrigin('https://a.example.evil.test', ['https://a.example']));
  assert.ok(!isAllowedOrigin('http://a.example', ['https://a.example']));
  assert.ok(isAllowedOrigin('https://jobs.a.example', ['https://*.a.example']));
  assert.ok(!isAllowedOrigin('https://a.example', ['https://*.a.example']));
  assert.ok(!isAllowedOrigin('https://evila.example', ['https://*.a.example']));
});

test('an envelope that is too large is no envelope', () => {
  assert.equal(readEnvelope({ vv: 1, t: 'token', d: { token: 'x'.repeat(17_000) } }), null);
  assert.equal(readEnvelope(null), null);
});
