namespace Decent.Replica.Ledgers;

/// <summary>ICRC-2 allowances by (owner account, spender account). An expired allowance counts as zero.</summary>
internal sealed class AllowanceBook
{
    private readonly Dictionary<string, (UInt128 Amount, ulong? ExpiresAt)> allowances = new(StringComparer.Ordinal);

    public (UInt128 Amount, ulong? ExpiresAt) Get(LedgerAccount owner, LedgerAccount spender, ulong now) =>
        allowances.TryGetValue(Key(owner, spender), out var found) && (found.ExpiresAt is not { } end || end > now)
            ? found
            : (UInt128.Zero, null);

    public void Set(LedgerAccount owner, LedgerAccount spender, UInt128 amount, ulong? expiresAt)
    {
        if (amount == UInt128.Zero)
        {
            _ = allowances.Remove(Key(owner, spender));
        }
        else
        {
            allowances[Key(owner, spender)] = (amount, expiresAt);
        }
    }

    public void Use(LedgerAccount owner, LedgerAccount spender, UInt128 amount, ulong now)
    {
        var (left, expiresAt) = Get(owner, spender, now);
        Set(owner, spender, left - amount, expiresAt);
    }

    private static string Key(LedgerAccount owner, LedgerAccount spender) => owner.Key + ">" + spender.Key;
}
