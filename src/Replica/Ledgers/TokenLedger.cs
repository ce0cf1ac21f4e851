using Decent.Canister.Client;
using Decent.Replica.Canisters;

namespace Decent.Replica.Ledgers;

/// <summary>
/// The state machine of a token ledger: balances, allowances, deduplication and the block log. Pure: time comes in
/// with every call, equal calls in equal order give equal state. Which rules hold is decided by the profile.
/// </summary>
internal sealed class TokenLedger
{
    private readonly Dictionary<string, UInt128> balances = new(StringComparer.Ordinal);
    private readonly List<TokenBlock> blocks = [];
    private readonly AllowanceBook allowances = new();
    private readonly TransactionMemory memory;
    private readonly ITransferRules rules;

    public TokenLedger(LedgerSettings settings)
    {
        Settings = settings;
        memory = new TransactionMemory(settings.WindowNs + Math.Max(settings.DriftAheadNs, settings.DriftBehindNs));
        rules = settings.Profile.Deduplication == DeduplicationRule.ResolvedFields
            ? new PlatformTransferRules(this)
            : new DfinityTransferRules(this);
    }

    public LedgerSettings Settings { get; }

    public IReadOnlyList<TokenBlock> Blocks => blocks;

    public UInt128 TotalSupply { get; private set; }

    public AllowanceBook Allowances => allowances;

    public TransactionMemory Memory => memory;

    public UInt128 BalanceOf(LedgerAccount account) =>
        IsMinting(account) ? UInt128.Zero : balances.GetValueOrDefault(KeyOf(account));

    /// <summary>The balance of an ICP account identifier, for the ledger that keeps its books by identifier.</summary>
    public UInt128 BalanceOfIdentifier(string identifier) => balances.GetValueOrDefault(identifier);

    public bool IsMinting(LedgerAccount account) =>
        string.Equals(account.Key, Settings.MintingAccount.Key, StringComparison.Ordinal);

    /// <summary>Executes or refuses a transfer (also mint, burn and transfer_from).</summary>
    /// <exception cref="CanisterTrapException">The ledger traps: the message leaves no trace.</exception>
    public TransferVerdict Transfer(TransferRequest request, ulong now) => rules.Transfer(request, now);

    /// <summary>Executes or refuses an approval.</summary>
    /// <exception cref="CanisterTrapException">The ledger traps: the message leaves no trace.</exception>
    public TransferVerdict Approve(ApproveRequest request, ulong now) =>
        ApprovalRules.Approve(this, request, now);

    /// <summary>Creates tokens without anybody's call: how the sandbox funds accounts.</summary>
    public ulong Mint(LedgerAccount to, UInt128 amount, byte[]? memo, ulong now)
    {
        if (IsMinting(to))
        {
            throw new CanisterTrapException("the minting account cannot be minted to");
        }

        var created = Settings.Profile.Deduplication == DeduplicationRule.ResolvedFields ? now : (ulong?)null;
        return Apply(
            new TokenTransaction(TokenOperation.Mint, Settings.MintingAccount, to, null, amount, null, memo, created),
            UInt128.Zero,
            now);
    }

    /// <summary>All balances in a fixed order, for comparing states.</summary>
    public string BalancesText() => string.Join(
        '\n', balances.OrderBy(static b => b.Key, StringComparer.Ordinal).Select(static b => $"{b.Key}={b.Value}"));

    /// <summary>Time checks shared by all ledgers; null when the stamp is acceptable.</summary>
    internal TransferVerdict? CheckTime(ulong? createdAt, ulong now)
    {
        if (createdAt is not { } created)
        {
            return null;
        }

        if ((UInt128)created + Settings.WindowNs + Settings.DriftBehindNs < now)
        {
            return new TransferVerdict.TooOld();
        }

        return (UInt128)created > (UInt128)now + Settings.DriftAheadNs
            ? new TransferVerdict.CreatedInFuture(now)
            : null;
    }

    /// <summary>Moves the money and appends the block. Everything was checked before; this never fails.</summary>
    internal ulong Apply(TokenTransaction transaction, UInt128 fee, ulong now)
    {
        var index = (ulong)blocks.Count;
        Move(transaction, fee, now);
        var parent = blocks.Count == 0 ? null : blocks[^1].Hash;
        var draft = new TokenBlock(
            index,
            now,
            transaction,
            fee,
            parent,
            [],
            TransactionKeys.PlatformId(Settings, transaction, fee),
            transaction.From is { } from ? BalanceOf(from) : UInt128.Zero,
            transaction.To is { } to ? BalanceOf(to) : UInt128.Zero);
        blocks.Add(draft with { Hash = BlockHash.Of(Settings.Profile, draft) });
        if (transaction.CreatedAtTime is not null && Remembers(transaction))
        {
            memory.Remember(TransactionKeys.Of(Settings, transaction, fee), index, now);
        }

        return index;
    }

    private void Move(TokenTransaction transaction, UInt128 fee, ulong now)
    {
        switch (transaction.Operation)
        {
            case TokenOperation.Mint:
                Add(transaction.To!, transaction.Amount);
                TotalSupply += transaction.Amount;
                break;
            case TokenOperation.Burn:
                Subtract(transaction.From!, transaction.Amount);
                TotalSupply -= transaction.Amount;
                break;
            case TokenOperation.Transfer:
                Subtract(transaction.From!, transaction.Amount + fee);
                Add(transaction.To!, transaction.Amount);
                CollectFee(fee);
                break;
            default:
                Subtract(transaction.From!, fee);
                CollectFee(fee);
                allowances.Set(transaction.From!, transaction.Spender!, transaction.Amount, transaction.ExpiresAt);
                return;
        }

        if (transaction.Spender is { } spender
            && !string.Equals(spender.Key, transaction.From!.Key, StringComparison.Ordinal))
        {
            allowances.Use(transaction.From, spender, transaction.Amount + fee, now);
        }
    }

    private void CollectFee(UInt128 fee)
    {
        if (Settings.FeeCollector is { } collector)
        {
            Add(collector, fee);
        }
        else
        {
            TotalSupply -= fee;
        }
    }

    /// <summary>The platform canister mints by itself and does not remember it as a transfer.</summary>
    private bool Remembers(TokenTransaction transaction) =>
        transaction.Operation != TokenOperation.Mint
        || Settings.Profile.Deduplication != DeduplicationRule.ResolvedFields;

    private string KeyOf(LedgerAccount account) =>
        Settings.Profile.Match == MatchKey.AccountIdentifiers ? account.Identifier : account.Key;

    private void Add(LedgerAccount account, UInt128 amount)
    {
        var key = KeyOf(account);
        balances[key] = balances.GetValueOrDefault(key) + amount;
    }

    private void Subtract(LedgerAccount account, UInt128 amount)
    {
        var key = KeyOf(account);
        var left = balances.GetValueOrDefault(key) - amount;
        if (left == UInt128.Zero)
        {
            _ = balances.Remove(key);
        }
        else
        {
            balances[key] = left;
        }
    }
}
