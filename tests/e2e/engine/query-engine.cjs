#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
//
// Prisma's query engine for LiteLLM, from a package registry alone.
//
// LiteLLM writes its spend logs with Prisma Client Python, which starts a native engine and speaks
// GraphQL to it over HTTP. That binary stands on a download host. The same engine, compiled to
// WebAssembly, is inside the npm package @prisma/client; it speaks only Prisma's JSON protocol and
// leaves the wire to a JavaScript driver. This file is what lies between: the HTTP server, and
// GraphQL to JSON and back. Start it by PRISMA_QUERY_ENGINE_BINARY, with the packages in NODE_PATH.
'use strict';

const fs = require('node:fs');
const http = require('node:http');

const VERSION = '393aa359c9ad4a4bb28630fb5613f9c281cde053'; // the engine of Prisma 5.17.0

if (process.argv.includes('--version')) {
    console.log(`query-engine ${VERSION}`);
    process.exit(0);
}

const { parse } = require('graphql');
const pg = require('pg');
const { PrismaPg } = require('@prisma/adapter-pg');
const { bindAdapter } = require('@prisma/driver-adapter-utils');
const glue = require('@prisma/client/runtime/query_engine_bg.postgresql.js');

const ACTIONS = ['createOne', 'createMany', 'deleteOne', 'deleteMany', 'updateOne', 'updateMany', 'upsertOne',
    'findMany', 'findFirst', 'findUnique', 'aggregate', 'groupBy'];

// Model → field → type, from the schema: only with it can one tell a text from a JSON value.
function fieldTypes(schema) {
    const models = {};
    for (const [, name, body] of schema.matchAll(/^model (\w+) \{([^]*?)^\}/gm)) {
        models[name] = Object.fromEntries([...body.matchAll(/^\s+(\w+)\s+(\w+)/gm)].map((m) => [m[1], m[2]]));
    }
    return models;
}

const models = fieldTypes(fs.readFileSync(process.env.PRISMA_DML_PATH, 'utf8'));

function engine() {
    const wasm = fs.readFileSync(require.resolve('@prisma/client/runtime/query_engine_bg.postgresql.wasm'));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { './query_engine_bg.js': glue });
    glue.__wbg_set_wasm(instance.exports);

    const overwrite = JSON.parse(process.env.OVERWRITE_DATASOURCES || '[]');
    const url = overwrite.length > 0 ? overwrite[0].url : process.env.DATABASE_URL;
    const pool = new pg.Pool({ connectionString: url, max: 5 });
    pool.on('error', (error) => console.error(`query-engine: ${error.message}`));

    const options = {
        datamodel: fs.readFileSync(process.env.PRISMA_DML_PATH, 'utf8'),
        logLevel: 'error',
        logQueries: false,
        configDir: '.',
        env: process.env,
        ignoreEnvVarErrors: true,
        engineProtocol: 'json',
    };
    return new glue.QueryEngine(options, (line) => console.error(line), bindAdapter(new PrismaPg(pool)));
}

function literal(node) {
    switch (node.kind) {
        case 'ObjectValue': return Object.fromEntries(node.fields.map((f) => [f.name.value, literal(f.value)]));
        case 'ListValue': return node.values.map(literal);
        case 'NullValue': return null;
        case 'IntValue': return Number.isSafeInteger(Number(node.value)) ? Number(node.value)
            : { $type: 'BigInt', value: node.value };
        case 'FloatValue': return Number(node.value);
        default: return node.value; // strings, booleans, enumerations
    }
}

// GraphQL has JSON values as texts; the JSON protocol marks them.
function json(value) {
    if (typeof value === 'string') {
        return { $type: 'Json', value };
    }
    if (Array.isArray(value) || value === null || typeof value !== 'object') {
        return value;
    }
    const marked = (key) => ['set', 'equals', 'not', 'array_contains'].includes(key);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, marked(key) ? json(item) : item]));
}

function typed(value, model) {
    if (Array.isArray(value)) {
        return value.map((item) => typed(item, model));
    }
    if (value === null || typeof value !== 'object' || '$type' in value) {
        return value;
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => {
        const type = models[model]?.[key];
        return [key, type === 'Json' ? json(item) : typed(item, type in models ? type : model)];
    }));
}

function query(field, model) {
    const values = Object.fromEntries(field.arguments.map((a) => [a.name.value, literal(a.value)]));
    return {
        arguments: typed(values, model),
        selection: Object.fromEntries((field.selectionSet?.selections ?? [])
            .map((f) => [f.name.value, f.selectionSet ? query(f, models[model]?.[f.name.value]) : true])),
    };
}

function operation(field) {
    const name = field.name.value;
    if (name === 'queryRaw' || name === 'executeRaw') {
        return { action: name, query: query(field) };
    }
    const action = ACTIONS.find((a) => name.startsWith(a));
    const orThrow = name.startsWith('find') && name.endsWith('OrThrow') ? 'OrThrow' : '';
    const modelName = name.slice(action.length, name.length - orThrow.length);
    return { modelName, action: action + orThrow, query: query(field, modelName) };
}

// { $type: "DateTime", value: "…" } → "…": the GraphQL protocol has bare values.
function bare(value) {
    if (Array.isArray(value)) {
        return value.map(bare);
    }
    if (value === null || typeof value !== 'object') {
        return value;
    }
    if ('$type' in value) {
        return value.$type === 'Raw' ? value.value : bare(value.value);
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bare(item)]));
}

function answer(result) {
    return result.errors ? result : { data: { result: bare(Object.values(result.data)[0]) } };
}

const root = (document) => parse(document).definitions[0].selectionSet.selections[0];

async function execute(engine, body, transaction) {
    const send = async (request) => JSON.parse(await engine.query(JSON.stringify(request), '{}', transaction));
    if (!body.batch) {
        return answer(await send(operation(root(body.query))));
    }
    const batch = body.batch.map((item) => operation(root(item.query)));
    const result = await send({ batch, transaction: body.transaction ? {} : undefined });
    return result.errors ? result : { batchResult: result.batchResult.map(answer) };
}

async function respond(engine, request, text) {
    const [, area, id, verb] = request.url.split('/');
    if (request.method === 'GET') {
        return area === 'status' ? { status: 'ok' } : {};
    }
    if (area !== 'transaction') {
        return execute(engine, JSON.parse(text), request.headers['x-transaction-id']);
    }
    if (id === 'start') {
        return JSON.parse(await engine.startTransaction(text, '{}'));
    }
    const end = verb === 'commit' ? engine.commitTransaction : engine.rollbackTransaction;
    return JSON.parse(await end.call(engine, id, '{}') || '{}');
}

async function main() {
    const port = Number(process.argv[process.argv.indexOf('-p') + 1]);
    const prisma = engine();
    await prisma.connect('{}');

    const server = http.createServer(async (request, response) => {
        const chunks = [];
        for await (const chunk of request) {
            chunks.push(chunk);
        }
        let result;
        try {
            result = await respond(prisma, request, Buffer.concat(chunks).toString('utf8'));
        } catch (error) {
            console.error(`query-engine: ${error.stack}`);
            result = { errors: [{ error: String(error), user_facing_error: { message: String(error) } }] };
        }
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(result));
    });
    server.keepAliveTimeout = 60_000;
    server.listen(port, 'localhost');
    const parent = process.ppid; // a proxy that was killed cannot stop its engine
    setInterval(() => process.ppid === parent || process.exit(0), 1000);
    for (const signal of ['SIGINT', 'SIGTERM']) {
        process.on(signal, () => process.exit(0));
    }
}

main();
