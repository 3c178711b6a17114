// One change to 1,000 WebSocket clients: from the request that causes it until the last client has the message. With Berth the request
// is a stop, and what is awaited is the app's `operation: stopping`; the peer sends the same bytes to its clients when they are POSTed
// to it.
import { median, digits } from '../support/stats.mjs';
import { now, pause, request, until } from '../support/program.mjs';
import { row, under } from '../support/row.mjs';
import { WsLoad } from '../support/ws_load.mjs';

export const needs = 'stage';

const changes = 4; // in a round

/** Connects the clients, lets `change` happen a few times, and says how long it took and what the clients cost. */
async function round(program, port, where, clients, change) {
  const before = program.memoryMB;
  const load = await WsLoad.connect(port, where, clients);
  try {
    await pause(300);
    const memory = ((program.memoryMB - before) * 1024) / clients;
    const times = [];
    for (let i = 0; i < changes; i++) {
      const { begun, ...at } = await change(load, i);
      times.push({ first: at.first - begun, last: at.last - begun, spread: at.last - at.first });
    }
    return { last: median(times.map((t) => t.last)), first: median(times.map((t) => t.first)), spread: median(times.map((t) => t.spread)), worst: Math.max(...times.map((t) => t.last)), memory };
  } finally {
    await load.close();
  }
}

export async function run(stage, { rounds, clients = 1000 }) {
  const apps = await stage.apps();
  const broadcast = await stage.startBroadcast();
  const stopping = (id) => [`"type":"app"`, `"id":"${id}"`, `"operation":"stopping"`];
  // Messages of Berth as they are, for the peer to send.
  const text = (i) => JSON.stringify({ type: 'app', revision: 1000 + i, app: { ...apps[i], operation: 'stopping' } });

  const change = async (load, i) => {
    const { id } = apps[i];
    let begun;
    const at = await load.received(stopping(id), () => {
      begun = now();
      return stage.api('POST', `/api/apps/${id}/stop`);
    });
    await stage.api('POST', `/api/apps/${id}/restart`);
    await until('online', async () => (await stage.api('GET', `/api/apps/${id}`)).status === 'online');
    await pause(100);
    return { ...at, begun };
  };
  const send = async (load, i) => {
    let begun;
    const at = await load.received(stopping(apps[i].id), () => {
      begun = now();
      return request(stage.broadcastPort, 'POST', '/', text(i));
    });
    await pause(200);
    return { ...at, begun };
  };

  const ours = [];
  const peer = [];
  try {
    for (let i = 0; i < rounds; i++) {
      // A server whose memory has been in use gives it to new clients without growing: each round has a fresh one.
      await stage.berth.stop();
      await stage.serve();
      await stage.allAre('online');
      ours.push(await round(stage.berth, stage.port, '/api/events', clients, change));
      peer.push(await round(broadcast, stage.broadcastPort, '/', clients, send));
      await until('the clients are gone', async () => (await stage.api('GET', '/api/health')).clients === 0);
    }
  } finally {
    await broadcast.stop();
  }
  const all = (list, field) => list.map((each) => each[field]);
  const peerName = 'Node, ws';
  const note = (name, list) => `${name}: the first client after ${digits(median(all(list, 'first')))} ms; slowest of all changes ${digits(Math.max(...all(list, 'worst')))} ms`;
  return [
    row({ name: 'fanout', what: `one change to ${clients} WebSocket clients, the last has it`, unit: 'ms', better: 'lower', ours: all(ours, 'last'), peer: all(peer, 'last'), peerName, ...under(50, 'ms'), notes: [note('berth', ours), note(peerName, peer)] }),
    row({ name: 'fanout-spread', what: '… from the first client to the last', unit: 'ms', better: 'lower', ours: all(ours, 'spread'), peer: all(peer, 'spread'), peerName, goal: '', met: () => null }),
    row({ name: 'fanout-memory', what: '… memory a client', unit: 'KiB', better: 'lower', ours: all(ours, 'memory'), peer: all(peer, 'memory'), peerName, ...under(16, 'KiB') }),
  ];
}
