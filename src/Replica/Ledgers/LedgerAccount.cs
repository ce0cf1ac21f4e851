using Decent.Candid;
using Decent.Canister.Client;

namespace Decent.Replica.Ledgers;

/// <summary>
/// An account exactly as a caller wrote it: a missing subaccount and 32 zeros are the same account but not the same
/// argument, and some ledgers tell repeats apart by the argument.
/// </summary>
internal sealed record LedgerAccount(Principal Owner, byte[]? Subaccount)
{
    public const int SubaccountLength = 32;

    private static readonly byte[] Zeros = new byte[SubaccountLength];

    /// <summary>The account's identity: equal for a missing and a zero subaccount.</summary>
    public string Key => Convert.ToHexStringLower(Owner.Bytes) + "/" + Convert.ToHexStringLower(SubaccountOrZeros);

    public ReadOnlySpan<byte> SubaccountOrZeros => Subaccount ?? Zeros;

    // The cast matters: a null array would otherwise become an empty subaccount instead of none.
    public IcrcAccount Account => new(Owner, Subaccount is null ? null : (ReadOnlyMemory<byte>?)Subaccount);

    public static LedgerAccount Of(IcrcAccount account) => new(account.Owner, account.Subaccount?.ToArray());

    /// <summary>The ICP account identifier, 64 hex digits.</summary>
    public string Identifier => Convert.ToHexStringLower(IdentifierBytes());

    public byte[] IdentifierBytes() => Convert.FromHexString(IcpAccountIdentifier.Of(Account).ToString());
}
