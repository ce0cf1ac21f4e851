// The official JavaScript agent against a local replica. Prints one JSON line per check, in the order they ran.
// Usage: node client.mjs <replica address> <ledger canister id>
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { IcrcLedgerCanister, IcrcTransferError } from '@icp-sdk/canisters/ledger/icrc';
import {
  Actor, CanisterStatus, Cbor, Certificate, HttpAgent, LookupPathStatus, TrustError, lookup_path, polling, reconstruct,
} from '@icp-sdk/core/agent';
import { IDL } from '@icp-sdk/core/candid';
import { DelegationChain, DelegationIdentity, ECDSAKeyIdentity, Ed25519KeyIdentity } from '@icp-sdk/core/identity';
import { Secp256k1KeyIdentity } from '@icp-sdk/core/identity/secp256k1';
import { Principal } from '@icp-sdk/core/principal';

const [host, ledgerText] = process.argv.slice(2);
const canisterId = Principal.fromText(ledgerText);
const payer = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(7));
const payee = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(8)).getPrincipal();
const minted = 1_000_000_000n;
const fee = 10_000n;
const amount = 25_000_000n;
const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const nowNs = () => BigInt(Date.now()) * 1_000_000n;

const control = async (path, body, method = 'POST') => {
  const answer = await fetch(new URL(`/control/${path}`, host), {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
};
const withFault = async (fault, act) => {
  await control('faults', fault);
  try {
    return await act();
  } finally {
    await control('faults', undefined, 'DELETE');
  }
};
const refusedAs = async (kind, act) => {
  const error = await act().then(() => undefined, (e) => e);
  assert.ok(error instanceof kind, `refused with ${kind.name}, not ${error}`);
  return error;
};

const agentOf = (identity) => HttpAgent.create({ host, identity, shouldFetchRootKey: true, verifyQuerySignatures: true });
const agent = await agentOf(payer);
const ledger = IcrcLedgerCanister.create({ agent, canisterId });
const account = (owner) => ({ owner, subaccount: [] });
const transfer = (from, createdAt, units = amount) =>
  from.transfer({ to: account(payee), amount: units, fee, memo: utf8('rent-0001'), created_at_time: createdAt });
const mint = (owner) => control('mint', { ledger: ledgerText, account: owner.toText(), units: minted.toString() });
const balance = (owner, certified = false) => ledger.balance({ owner, certified });

// The hash of an ICRC-3 value, written here a second time so that it is not the product judging itself.
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leb = (value, signed) => {
  const bytes = [];
  for (let rest = value; ; ) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const last = signed ? (rest === 0n && low < 64) || (rest === -1n && low >= 64) : rest === 0n;
    bytes.push(last ? low : low | 0x80);
    if (last) return Uint8Array.from(bytes);
  }
};
const hashOf = (value) => {
  if ('Nat' in value) return sha256(leb(value.Nat, false));
  if ('Int' in value) return sha256(leb(value.Int, true));
  if ('Text' in value) return sha256(utf8(value.Text));
  if ('Blob' in value) return sha256(Uint8Array.from(value.Blob));
  if ('Array' in value) return sha256(...value.Array.map(hashOf));
  const pairs = value.Map.map(([key, inner]) => Buffer.concat([sha256(utf8(key)), hashOf(inner)]));
  return sha256(...pairs.sort(Buffer.compare));
};
const field = (map, name) => map.Map.find(([key]) => key === name)?.[1];

const tipService = ({ IDL: idl }) => idl.Service({
  icrc3_get_tip_certificate: idl.Func(
    [], [idl.Opt(idl.Record({ certificate: idl.Vec(idl.Nat8), hash_tree: idl.Vec(idl.Nat8) }))], ['query']),
  no_such_method: idl.Func([], [], []),
  no_such_query: idl.Func([], [], ['query']),
});
const actor = Actor.createActor(tipService, { agent, canisterId });
const found = (result) => {
  assert.equal(result.status, LookupPathStatus.Found);
  return result.value;
};

const stamps = { first: nowNs() };
let blocks = [];
const checks = {
  status: async () => {
    const status = await agent.status();
    assert.equal(status.root_key.length, 133);
    assert.deepEqual(hex(status.root_key), hex(agent.rootKey));
    assert.equal(status.replica_health_status, 'healthy');
  },
  query_is_signed_by_a_certified_node: async () => {
    assert.equal(await balance(payer.getPrincipal()), minted);
    assert.equal(await ledger.transactionFee({ certified: false }), fee);
    const metadata = Object.fromEntries(await ledger.metadata({ certified: false }));
    assert.deepEqual(metadata['icrc1:symbol'], { Text: 'ckUSDT' });
    assert.deepEqual(metadata['icrc1:decimals'], { Nat: 6n });
  },
  query_with_a_wrong_node_signature_is_refused: () => withFault(
    { kind: 'WrongNodeSignature', target: 'Query', times: 20 },
    () => refusedAs(TrustError, () => balance(payer.getPrincipal()))),
  call_is_certified: async () => {
    assert.equal(await balance(payer.getPrincipal(), true), minted);
  },
  transfer: async () => {
    assert.equal(await transfer(ledger, stamps.first), 1n);
    assert.equal(await balance(payee), amount);
    assert.equal(await balance(payer.getPrincipal()), minted - amount - fee);
  },
  repeated_transfer_is_a_duplicate: async () => {
    const error = await refusedAs(IcrcTransferError, () => transfer(ledger, stamps.first));
    assert.deepEqual(error.errorType, { Duplicate: { duplicate_of: 1n } });
    assert.equal(await balance(payee), amount);
  },
  transfer_error_is_its_own_case: async () => {
    const error = await refusedAs(IcrcTransferError, () => transfer(ledger, nowNs(), minted * 2n));
    assert.deepEqual(error.errorType, { InsufficientFunds: { balance: minted - amount - fee } });
  },
  call_with_a_wrong_certificate_is_refused_and_its_repeat_is_a_duplicate: async () => {
    stamps.second = nowNs();
    await withFault(
      { kind: 'WrongCertificateSignature', target: 'Call', method: 'icrc1_transfer', times: 20 },
      () => refusedAs(TrustError, () => transfer(ledger, stamps.second)));
    const error = await refusedAs(IcrcTransferError, () => transfer(ledger, stamps.second));
    assert.deepEqual(error.errorType, { Duplicate: { duplicate_of: 2n } });
    assert.equal(await balance(payee), amount * 2n);
  },
  call_under_a_foreign_delegation_is_refused: () => withFault(
    { kind: 'ForeignDelegation', target: 'Call', times: 20 },
    () => refusedAs(TrustError, () => balance(payee, true))),
  asynchronous_call_is_polled_by_read_state: async () => {
    const arg = IDL.encode([IDL.Record({ owner: IDL.Principal, subaccount: IDL.Opt(IDL.Vec(IDL.Nat8)) })], [account(payee)]);
    const sent = await agent.call(canisterId, { methodName: 'icrc1_balance_of', arg, effectiveCanisterId: canisterId, callSync: false });
    assert.equal(sent.response.status, 202);
    const { reply } = await polling.pollForResponse(agent, canisterId, sent.requestId);
    assert.deepEqual(IDL.decode([IDL.Nat], reply), [amount * 2n]);
  },
  rejects_carry_code_and_message: async () => {
    const called = await actor.no_such_method().then(() => undefined, (e) => e);
    assert.equal(called.cause.code.rejectCode, 5);
    assert.equal(called.cause.code.rejectErrorCode, 'IC0536');
    const queried = await actor.no_such_query().then(() => undefined, (e) => e);
    assert.equal(queried.cause.code.rejectCode, 5);
  },
  read_state: async () => {
    const answer = await agent.readState(canisterId, { paths: [[utf8('time')]] });
    const certificate = await Certificate.create({
      certificate: answer.certificate, rootKey: agent.rootKey, principal: { canisterId },
    });
    found(certificate.lookup_path(['time']));
    const status = await CanisterStatus.request({ agent, canisterId, paths: ['time', 'subnet'] });
    assert.ok(Math.abs(status.get('time').getTime() - Date.now()) < 300_000);
    assert.ok(status.get('subnet').nodeKeys.size >= 1);
  },
  node_keys_of_the_subnet: async () => {
    const subnetId = await agent.getSubnetIdFromCanister(canisterId);
    const answer = await agent.readSubnetState(subnetId, { paths: [[utf8('time')]] });
    await Certificate.create({ certificate: answer.certificate, rootKey: agent.rootKey, principal: { subnetId } });
  },
  other_identities: async () => {
    const session = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(9));
    const chain = await DelegationChain.create(payer, session.getPublicKey(), new Date(Date.now() + 3_600_000));
    const delegated = DelegationIdentity.fromDelegation(session, chain);
    assert.equal(delegated.getPrincipal().toText(), payer.getPrincipal().toText());
    const identities = [delegated, Secp256k1KeyIdentity.generate(new Uint8Array(32).fill(10)), await ECDSAKeyIdentity.generate()];
    for (const [index, identity] of identities.entries()) {
      if (index > 0) await mint(identity.getPrincipal());
      const own = IcrcLedgerCanister.create({ agent: await agentOf(identity), canisterId });
      const before = await balance(payee);
      await transfer(own, nowNs(), 1_000n);
      assert.equal(await balance(payee), before + 1_000n);
    }
  },
  blocks: async () => {
    const result = await ledger.getBlocks({ args: [{ start: 0n, length: 100n }], certified: false });
    assert.equal(BigInt(result.blocks.length), result.log_length);
    blocks = result.blocks.map(({ id, block }) => ({ id, block, hash: hashOf(block) }));
    blocks.forEach(({ id, block }, index) => {
      assert.equal(id, BigInt(index));
      const parent = field(block, 'phash');
      assert.equal(parent && hex(parent.Blob), index === 0 ? undefined : hex(blocks[index - 1].hash));
    });
    const tx = field(blocks[1].block, 'tx');
    assert.deepEqual(field(blocks[1].block, 'btype'), { Text: '1xfer' });
    assert.deepEqual(field(tx, 'amt'), { Nat: amount });
    assert.deepEqual(field(tx, 'fee'), { Nat: fee });
    assert.deepEqual(field(tx, 'ts'), { Nat: stamps.first });
    assert.equal(hex(field(tx, 'memo').Blob), hex(utf8('rent-0001')));
    assert.equal(hex(field(tx, 'to').Array[0].Blob), hex(payee.toUint8Array()));
  },
  tip_certificate: async () => {
    const [tip] = await actor.icrc3_get_tip_certificate();
    const certificate = await Certificate.create({
      certificate: Uint8Array.from(tip.certificate), rootKey: agent.rootKey, principal: { canisterId },
    });
    const tree = Cbor.decode(Uint8Array.from(tip.hash_tree));
    const certified = found(certificate.lookup_path(['canister', canisterId.toUint8Array(), 'certified_data']));
    assert.equal(hex(certified), hex(await reconstruct(tree)));
    const last = blocks.at(-1);
    assert.equal(hex(found(lookup_path(['last_block_hash'], tree))), hex(last.hash));
    assert.equal(hex(found(lookup_path(['last_block_index'], tree))), hex(leb(last.id, false)));
  },
};

await mint(payer.getPrincipal());
for (const [check, run] of Object.entries(checks)) {
  let fault = null;
  try {
    await run();
  } catch (error) {
    fault = `${error?.stack ?? error}`.slice(0, 2000);
  }
  console.log(JSON.stringify({ check, fault }));
}
