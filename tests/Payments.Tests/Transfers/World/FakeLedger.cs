using System.Runtime.CompilerServices;
using System.Text.Json;
using Decent.Candid;
using Decent.Canister.Client;

namespace Decent.Payments.Tests.Transfers;

/// <summary>A ledger in memory that follows the rules of its profile to the letter, and can be told to misbehave.</summary>
internal sealed class FakeLedger(LedgerProfile profile, Principal canister, UInt128 fee, TimeProvider time) : ILedgerClient
{
    private readonly Lock _lock = new();
    private readonly List<LedgerBlock> _blocks = [];
    private readonly Dictionary<string, (ulong Block, ulong CreatedNs)> _memory = new(StringComparer.Ordinal);
    private readonly Dictionary<IcrcAccount, UInt128> _balances = [];

    public Principal Canister { get; } = canister;

    public LedgerProfile Profile { get; } = profile;

    public string TransferMethod => "icrc1_transfer";

    public UInt128 Fee { get; set; } = fee;

    public static IcrcAccount MintingAccount { get; } = new(Principal.FromBytes([0, 0, 0, 0, 0, 0, 0, 8, 1, 1]));

    /// <summary>Asked before every read; true makes it fail.</summary>
    public Func<bool> ReadFails { get; set; } = static () => false;

    /// <summary>Blocks after this many are not shown yet, as by a node that lags.</summary>
    public int? ShownBlocks { get; set; }

    public IReadOnlyList<LedgerBlock> Blocks
    {
        get
        {
            lock (_lock)
            {
                return [.. _blocks];
            }
        }
    }

    private ulong NowNs => (ulong)(time.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;

    public byte[] EncodeTransfer(TransferArgument argument) => JsonSerializer.SerializeToUtf8Bytes(new Wire(
        argument.FromSubaccount is { } sub ? Convert.ToHexString(sub.Span) : null,
        argument.To.ToString(),
        argument.Amount.ToString(),
        argument.Fee?.ToString(),
        Convert.ToHexString(argument.Memo.Span),
        argument.CreatedAtTimeNs));

    public TransferAnswer DecodeTransferAnswer(ReadOnlyMemory<byte> reply)
    {
        var (tag, number) = JsonSerializer.Deserialize<Answer>(reply.Span)!;
        return tag switch
        {
            "Ok" => new TransferAnswer.Ok(ulong.Parse(number)),
            "Duplicate" => new TransferAnswer.Duplicate(ulong.Parse(number)),
            "BadFee" => new TransferAnswer.BadFee(UInt128.Parse(number)),
            "BadBurn" => new TransferAnswer.BadBurn(UInt128.Parse(number)),
            "InsufficientFunds" => new TransferAnswer.InsufficientFunds(UInt128.Parse(number)),
            "TooOld" => new TransferAnswer.TooOld(),
            "CreatedInFuture" => new TransferAnswer.CreatedInFuture(ulong.Parse(number)),
            "TemporarilyUnavailable" => new TransferAnswer.TemporarilyUnavailable(),
            "GenericError" => new TransferAnswer.GenericError(UInt128.Parse(number), "made up"),
            _ => new TransferAnswer.Unrecognised(tag),
        };
    }

    public static byte[] Encode(TransferAnswer answer) => JsonSerializer.SerializeToUtf8Bytes(answer switch
    {
        TransferAnswer.Ok a => new Answer("Ok", a.Block.ToString()),
        TransferAnswer.Duplicate a => new Answer("Duplicate", a.Block.ToString()),
        TransferAnswer.BadFee a => new Answer("BadFee", a.Expected.ToString()),
        TransferAnswer.BadBurn a => new Answer("BadBurn", a.Minimum.ToString()),
        TransferAnswer.InsufficientFunds a => new Answer("InsufficientFunds", a.Balance.ToString()),
        TransferAnswer.CreatedInFuture a => new Answer("CreatedInFuture", a.LedgerTimeNs.ToString()),
        TransferAnswer.GenericError a => new Answer("GenericError", a.Code.ToString()),
        TransferAnswer.Unrecognised a => new Answer(a.Tag, ""),
        _ => new Answer(answer.GetType().Name, ""),
    });

    /// <summary>The platform's ledger forgets what it executed when its canister is upgraded.</summary>
    public void Upgrade()
    {
        lock (_lock)
        {
            _memory.Clear();
        }
    }

    public void Mint(IcrcAccount to, UInt128 amount)
    {
        lock (_lock)
        {
            Credit(to, amount);
            Append(LedgerOperation.Mint, null, to, amount, 0, null, NowNs);
        }
    }

    /// <summary>A transfer between others, or to us: an ordinary block.</summary>
    public ulong Move(IcrcAccount from, IcrcAccount to, UInt128 amount, byte[]? memo = null)
    {
        lock (_lock)
        {
            _balances[from] = Balance(from) - amount - Fee;
            Credit(to, amount);
            return Append(LedgerOperation.Transfer, from, to, amount, Fee, memo, NowNs);
        }
    }

    /// <summary>Somebody else's block, so that time passes on the ledger.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            var other = new IcrcAccount(Principal.FromBytes([9, 9, 9, 1, 1]));
            Append(LedgerOperation.Mint, null, other, 1, 0, null, NowNs);
        }
    }

    /// <summary>Executes a transfer by the ledger's rules.</summary>
    /// <param name="from">Who pays.</param>
    /// <param name="argument">The argument's bytes.</param>
    /// <param name="drained">True when somebody emptied the account for this moment.</param>
    public TransferAnswer Execute(IcrcAccount from, ReadOnlyMemory<byte> argument, bool drained)
    {
        lock (_lock)
        {
            var kept = Balance(from);
            if (drained)
            {
                _balances[from] = 0;
                var answer = Execute(from, argument, drained: false);
                _balances[from] = kept;
                return answer;
            }

            var wire = JsonSerializer.Deserialize<Wire>(argument.Span)!;
            var key = Convert.ToHexString(argument.Span);
            return Profile.Deduplication == DeduplicationRule.ResolvedFields
                ? ExecutePlatform(from, wire, key)
                : ExecuteDfinity(from, wire, key);
        }
    }

    public Task<UInt128> BalanceAsync(IcrcAccount account, CancellationToken cancellationToken)
    {
        CheckReadable("icrc1_balance_of");
        lock (_lock)
        {
            return Task.FromResult(Balance(account));
        }
    }

    public Task<LedgerFacts> FactsAsync(CancellationToken cancellationToken)
    {
        CheckReadable("icrc1_fee");
        return Task.FromResult(new LedgerFacts("X", 8, Fee));
    }

    public Task<IcrcAccount?> MintingAccountAsync(CancellationToken cancellationToken)
    {
        CheckReadable("icrc1_minting_account");
        return Task.FromResult<IcrcAccount?>(MintingAccount);
    }

    public Task<ulong> LengthAsync(CancellationToken cancellationToken)
    {
        CheckReadable("length");
        lock (_lock)
        {
            return Task.FromResult((ulong)Math.Min(_blocks.Count, ShownBlocks ?? int.MaxValue));
        }
    }

    public async IAsyncEnumerable<LedgerBlock> BlocksAsync(
        ulong from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CheckReadable("blocks");
        await Task.CompletedTask;
        foreach (var block in Blocks.Take(ShownBlocks ?? int.MaxValue).Skip(checked((int)from)))
        {
            yield return block;
        }
    }

    private TransferAnswer ExecuteDfinity(IcrcAccount from, Wire wire, string key)
    {
        if (wire.Fee is { } given && UInt128.Parse(given) != Fee)
        {
            return new TransferAnswer.BadFee(Fee);
        }

        var window = Nanoseconds(Profile.Window);
        if (wire.CreatedNs + window < NowNs)
        {
            return new TransferAnswer.TooOld();
        }

        if (wire.CreatedNs > NowNs + Nanoseconds(Profile.DriftAhead))
        {
            return new TransferAnswer.CreatedInFuture(NowNs);
        }

        if (_memory.TryGetValue(key, out var known))
        {
            return new TransferAnswer.Duplicate(known.Block);
        }

        return Pay(from, wire, key);
    }

    private TransferAnswer ExecutePlatform(IcrcAccount from, Wire wire, string key)
    {
        if (wire.CreatedNs + Nanoseconds(Profile.Window + Profile.DriftBehind) < NowNs)
        {
            return new TransferAnswer.TooOld();
        }

        if (wire.CreatedNs > NowNs + Nanoseconds(Profile.DriftAhead))
        {
            return new TransferAnswer.CreatedInFuture(NowNs);
        }

        if (Balance(from) < UInt128.Parse(wire.Amount))
        {
            return new TransferAnswer.InsufficientFunds(Balance(from));
        }

        if (wire.Fee is { } given && UInt128.Parse(given) != Fee)
        {
            return new TransferAnswer.BadFee(Fee);
        }

        if (_memory.TryGetValue(key, out var known) && known.CreatedNs + Nanoseconds(Profile.Window) > NowNs)
        {
            return new TransferAnswer.Duplicate(known.Block);
        }

        return Pay(from, wire, key);
    }

    private TransferAnswer Pay(IcrcAccount from, Wire wire, string key)
    {
        var amount = UInt128.Parse(wire.Amount);
        if (Balance(from) < amount + Fee)
        {
            return new TransferAnswer.InsufficientFunds(Balance(from));
        }

        var to = IcrcAccount.Parse(wire.To);
        _balances[from] = Balance(from) - amount - Fee;
        Credit(to, amount);
        var block = Append(LedgerOperation.Transfer, from, to, amount, Fee, Convert.FromHexString(wire.Memo), wire.CreatedNs);
        _memory[key] = (block, wire.CreatedNs);
        return new TransferAnswer.Ok(block);
    }

    private ulong Append(
        LedgerOperation operation, IcrcAccount? from, IcrcAccount to, UInt128 amount, UInt128 paidFee, byte[]? memo, ulong createdNs)
    {
        var index = (ulong)_blocks.Count;
        var byId = Profile.Match == MatchKey.TransactionId;
        var identifiers = Profile.Match == MatchKey.AccountIdentifiers;
        _blocks.Add(new LedgerBlock(
            index,
            byId ? createdNs : NowNs,
            operation,
            identifiers ? null : from,
            identifiers ? null : to,
            identifiers && from is not null ? IcpAccountIdentifier.Of(from).ToString() : null,
            identifiers ? IcpAccountIdentifier.Of(to).ToString() : null,
            amount,
            paidFee,
            memo,
            createdNs,
            byId
                ? PlatformTransfer.TransactionId(
                    from ?? new IcrcAccount(Principal.FromBytes("MINTING"u8)), to, (ulong)amount, (ulong)paidFee, memo ?? [], createdNs)
                : null));
        return index;
    }

    private UInt128 Balance(IcrcAccount account) => _balances.GetValueOrDefault(account);

    private void Credit(IcrcAccount account, UInt128 amount) => _balances[account] = Balance(account) + amount;

    private void CheckReadable(string method)
    {
        if (ReadFails())
        {
            throw new CanisterCallException(Canister.ToText(), method, "does not answer in this test");
        }
    }

    private static ulong Nanoseconds(TimeSpan span) => (ulong)span.Ticks * 100;

    private sealed record Wire(string? FromSubaccount, string To, string Amount, string? Fee, string Memo, ulong CreatedNs);

    private sealed record Answer(string Tag, string Number);
}
