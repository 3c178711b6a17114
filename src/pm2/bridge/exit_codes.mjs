// Why the bridge ended, for the server's log (bridge_state.cpp holds the sentences that go with them).
export const exitCode = Object.freeze({
  asked: 0, // stdin was closed: the server ended, or wants it to
  bug: 70, // an exception nobody expected
  noPm2: 71, // the pm2 package cannot be loaded: npm ci was not run here
  noConnection: 72, // pm2's daemon did not start, or refuses us
  connectionLost: 73, // the daemon went away, or one of its two sockets did
  pm2Killed: 74, // somebody ran `pm2 kill`
  serverGone: 75, // descriptor 3 cannot be written
  backlog: 76, // the server has not read descriptor 3 for 16 MiB
  oldNode: 77, // this Node.js is too old for Next
});
