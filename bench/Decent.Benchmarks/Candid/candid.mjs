// Prints the CPU nanoseconds of one operation, best batch; argument: for example encode.transfer.
import { createHash } from 'node:crypto';
import { IDL } from '@icp-sdk/core/candid';
import { Principal } from '@icp-sdk/core/principal';

const bytes = (count, seed) => Uint8Array.from({ length: count }, (_, i) => (i * 7 + seed) % 256);

const Account = IDL.Record({ owner: IDL.Principal, subaccount: IDL.Opt(IDL.Vec(IDL.Nat8)) });
const TransferArg = IDL.Record({
  from_subaccount: IDL.Opt(IDL.Vec(IDL.Nat8)),
  to: Account,
  amount: IDL.Nat,
  fee: IDL.Opt(IDL.Nat),
  memo: IDL.Opt(IDL.Vec(IDL.Nat8)),
  created_at_time: IDL.Opt(IDL.Nat64),
});
const Value = IDL.Rec();
Value.fill(IDL.Variant({
  Blob: IDL.Vec(IDL.Nat8),
  Text: IDL.Text,
  Nat: IDL.Nat,
  Int: IDL.Int,
  Array: IDL.Vec(Value),
  Map: IDL.Vec(IDL.Tuple(IDL.Text, Value)),
}));
const Entry = IDL.Record({
  id: IDL.Principal, amount: IDL.Nat, name: IDL.Text, memo: IDL.Opt(IDL.Vec(IDL.Nat8)),
});

const range = [...Array(1000).keys()];
const payloads = {
  transfer: [[TransferArg], () => [{
    from_subaccount: [bytes(32, 2)],
    to: { owner: Principal.selfAuthenticating(bytes(44, 1)), subaccount: [] },
    amount: 123456789012n,
    fee: [10000n],
    memo: [bytes(32, 3)],
    created_at_time: [1700000000000000000n],
  }], '0923fb0e34e6e3d3773da465c6a1bb1c94b469559cb6d50c6d258fa8dbd16a16'],
  blocks1000: [[IDL.Vec(Value)], () => [range.map(i => ({ Map: [
    ['phash', { Blob: bytes(32, i) }],
    ['btype', { Text: '1xfer' }],
    ['ts', { Nat: 1700000000000000000n + BigInt(i) }],
    ['fee', { Nat: 10000n }],
    ['tx', { Map: [
      ['op', { Text: 'xfer' }],
      ['amt', { Nat: 1000000n + BigInt(i) }],
      ['from', { Array: [{ Blob: bytes(29, i + 1) }] }],
      ['to', { Array: [{ Blob: bytes(29, i + 2) }, { Blob: bytes(32, i + 3) }] }],
      ['memo', { Blob: bytes(32, i + 4) }],
    ] }],
  ] }))], null],
  records1000: [[IDL.Vec(Entry)], () => [range.map(i => ({
    id: Principal.selfAuthenticating(bytes(44, i)),
    amount: 1000000000n * BigInt(i),
    name: `account number ${i}`,
    memo: i % 2 === 0 ? [bytes(32, i)] : [],
  }))], '3b4938e38b0c2b85053c9a847a7f56d7ed59df7d8f6716d6569abf926aa630d7'],
};

const [direction, name] = process.argv[2].split('.');
const [types, make, hash] = payloads[name];
const value = make();
const encoded = IDL.encode(types, value);
if (hash && createHash('sha256').update(encoded).digest('hex') !== hash) {
  throw new Error('other bytes than expected');
}

const act = direction === 'encode' ? () => IDL.encode(types, value) : () => IDL.decode(types, encoded);
const batch = count => {
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) {
    act();
  }
  const used = process.cpuUsage(start);
  return (used.user + used.system) * 1000 / count;
};

let count = 1;
while (batch(count) * count < 100e6) {
  count *= 2;
}
let best = Infinity;
for (let i = 0; i < 15; i++) {
  best = Math.min(best, batch(count));
}
console.log(best);
