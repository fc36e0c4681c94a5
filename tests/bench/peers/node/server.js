// SPDX-License-Identifier: GPL-3.0-only
// The Node peer of the bench: http.createServer stopped by server.close().
'use strict';

const http = require('node:http');

const longestWork = 600000; // milliseconds, as the service under test

function answer(request, response) {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname === '/hello') {
        response.end('Hello, World!');
    } else if (url.pathname === '/work') {
        const ms = Number(url.searchParams.get('ms'));
        response.statusCode = ms >= 0 && ms <= longestWork ? 200 : 400;
        setTimeout(() => response.end('done'), response.statusCode === 200 ? ms : 0);
    } else if (url.pathname === '/echo' && request.method === 'POST') {
        request.pipe(response);
    } else {
        response.statusCode = 404;
        response.end();
    }
}

const server = http.createServer(answer);
process.on('SIGTERM', () => server.close());
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
