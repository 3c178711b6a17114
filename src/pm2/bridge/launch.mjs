// Starts pm2's daemon, if none is there, and ends: see daemon.mjs.
import childProcess from 'node:child_process';
import pm2 from 'pm2';

const end = (code) => process.exit(code);

// pm2 waits for ever for a daemon that died before it was ready.
const { spawn } = childProcess;
childProcess.spawn = (...words) => spawn(...words).once('exit', () => end(1));
setTimeout(() => end(1), 20_000);

pm2.connect((error) => end(error ? 1 : 0));
