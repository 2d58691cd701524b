// The worker speaks ClickHouse's HTTP interface: the official client, unmodified, works over its socket.
// usage: node --test tools/engine/client.test.mjs  (SPOOR_STORE_BIN, default build/bin/spoor-store)
import { createClient } from '@clickhouse/client'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const program = process.env.SPOOR_STORE_BIN ?? resolve(here, '../../build/bin/spoor-store')
const skip = existsSync(program) ? false : `there is no ${program}`
const folder = mkdtempSync(join(tmpdir(), 'spoor-client-'))
const socketPath = join(folder, 'run/store.sock')
let worker
let client
let hunter

before(async () => {
  if (skip) return
  mkdirSync(join(folder, 'run'))
  worker = spawn(program, ['--path', join(folder, 'store'), '--socket', socketPath], { stdio: 'inherit' })
  const agent = new http.Agent({ socketPath, keepAlive: true })
  client = createClient({ url: 'http://localhost:8123', http_agent: agent, database: 'spoor', log: { level: 127 } })
  hunter = createClient({ url: 'http://localhost:8123', http_agent: agent, database: 'spoor', username: 'hunter', log: { level: 127 } })
  for (let tried = 0; tried < 500 && !(await client.ping()).success; tried++) await new Promise((done) => setTimeout(done, 20))
})

after(async () => {
  await client?.close()
  await hunter?.close()
  if (worker) {
    const ended = new Promise((done) => worker.once('exit', done))
    worker.kill('SIGTERM')
    assert.equal(await ended, 0)
  }
  rmSync(folder, { recursive: true, force: true })
})

test('ping, DDL, insert, parameters, formats', { skip }, async () => {
  assert.equal((await client.ping()).success, true)
  await client.command({ query: 'CREATE TABLE t (a Int64, s String) ENGINE = MergeTree ORDER BY a' })
  const text = 'tab\there, new\nline, quote\', back\\slash, DROP TABLE t'
  await client.insert({ table: 't', format: 'JSONEachRow', values: [{ a: 1, s: text }, { a: 2, s: '' }] })
  const found = await hunter.query({ query: 'SELECT a FROM t WHERE s = {s:String}', query_params: { s: text }, format: 'JSONEachRow' })
  assert.deepEqual((await found.json()).map((row) => Number(row.a)), [1])
  const whole = await hunter.query({ query: 'SELECT count() AS n FROM t', format: 'JSON' })
  assert.equal(Number((await whole.json()).data[0].n), 2)
  const counted = await client.query({ query: 'SELECT 1', query_id: 'my-id-1', clickhouse_settings: { max_threads: 1 } })
  assert.equal(counted.query_id, 'my-id-1')
})

test('a large answer streams', { skip }, async () => {
  const answer = await hunter.query({ query: 'SELECT number FROM numbers(500000)', format: 'JSONEachRow' })
  let rows = 0
  for await (const part of answer.stream()) rows += part.length
  assert.equal(rows, 500000)
})

test('errors carry their code', { skip }, async () => {
  await assert.rejects(client.query({ query: 'SELECT * FROM nowhere' }), (error) => error.code === '60' && error.type === 'UNKNOWN_TABLE')
  await assert.rejects(hunter.command({ query: 'DROP TABLE t' }), (error) => error.code === '497')
  await assert.rejects(hunter.query({ query: 'SELECT 1', clickhouse_settings: { readonly: '0' } }), (error) => error.code === '115')
})
