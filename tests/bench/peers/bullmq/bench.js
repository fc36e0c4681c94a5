// SPDX-License-Identifier: GPL-3.0-only
// BullMQ as it is used for the same work: bench.js PORT add|run COUNT CONCURRENCY, where a Redis that
// keeps every write before it answers listens on PORT. Prints {"tookMs": …} and leaves the jobs there.
//
//   add: so many queue.add() by so many concurrent callers, each waiting for its own.
//   run: so many jobs added before, timed from the start of a worker of that concurrency to the last end.
'use strict';

const { Queue, Worker } = require('bullmq');

const [port, what, count, concurrency] = [
    Number(process.argv[2]), process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
const payload = { ms: 0 };

async function add(queue, total, callers) {
    let left = total;
    const caller = async () => {
        while (left-- > 0)
            await queue.add('sleep', payload);
    };
    await Promise.all(Array.from({ length: callers }, caller));
}

async function addAll() {
    const queue = new Queue('bench-add', { connection });
    await queue.waitUntilReady();
    await add(queue, 2 * concurrency, concurrency); // warm
    const began = process.hrtime.bigint();
    await add(queue, count, concurrency);
    const took = process.hrtime.bigint() - began;
    await queue.close();
    return took;
}

async function runAll() {
    const queue = new Queue('bench-run', { connection });
    await queue.waitUntilReady();
    await add(queue, count, 64);
    await queue.close();
    let ended = 0;
    const worker = new Worker('bench-run', async () => ({ sleptMs: 0 }),
                              { connection, concurrency, autorun: false });
    await worker.waitUntilReady();
    const began = process.hrtime.bigint();
    await new Promise((resolve, reject) => {
        worker.on('completed', () => { if (++ended === count) resolve(); });
        worker.on('failed', (_, error) => reject(error));
        worker.run().catch(reject);
    });
    const took = process.hrtime.bigint() - began;
    await worker.close();
    return took;
}

(what === 'add' ? addAll() : runAll()).then((took) => {
    console.log(JSON.stringify({ tookMs: Number(took) / 1e6 }));
    process.exit(0);
}, (error) => {
    console.error(error);
    process.exit(1);
});
