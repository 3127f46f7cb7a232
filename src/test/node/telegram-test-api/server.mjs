// An independent Bot API (telegram-test-api) on the loopback interface. It lets every token in.
//
//   PORT   one that is free; the package takes no 0
//
// Prints {"url": ...} when it listens, and ends with its standard input.
import telegram from 'telegram-test-api';

const HOST = '127.0.0.1';

const Server = telegram.default ?? telegram;
const server = new Server({ host: HOST, port: Number(process.env.PORT) });
await server.start();
process.stdin.resume().on('end', () => process.exit(0));
console.log(JSON.stringify({ url: server.config.apiURL }));
