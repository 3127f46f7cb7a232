// An independent Bot API (telegram-test-api) on the loopback interface. It lets every token in.
//
// Prints {"url": ...} when it listens, and ends with its standard input.
import { createServer } from 'node:net';
import telegram from 'telegram-test-api';

const HOST = '127.0.0.1';

// The package takes no 0 for a port.
const probe = createServer();
await new Promise((resolve) => probe.listen(0, HOST, resolve));
const { port } = probe.address();
await new Promise((resolve) => probe.close(resolve));

const Server = telegram.default ?? telegram;
const server = new Server({ host: HOST, port });
await server.start();
process.stdin.resume().on('end', () => process.exit(0));
console.log(JSON.stringify({ url: server.config.apiURL }));
