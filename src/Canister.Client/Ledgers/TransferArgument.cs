namespace Decent.Canister.Client;

/// <summary>The argument of one <c>icrc1_transfer</c>, fixed for the life of a transfer.</summary>
/// <param name="FromSubaccount">The caller's subaccount, 32 bytes, or null for the default one.</param>
/// <param name="To">The receiving account.</param>
/// <param name="Amount">Smallest units of the ledger's token, without the fee.</param>
/// <param name="Fee">Smallest units; null leaves the choice to the ledger.</param>
/// <param name="Memo">At most 32 bytes; an empty memo is sent as an empty blob.</param>
/// <param name="CreatedAtTimeNs">Nanoseconds since 1970, which switches the ledger's deduplication on.</param>
public sealed record TransferArgument(
    ReadOnlyMemory<byte>? FromSubaccount,
    IcrcAccount To,
    UInt128 Amount,
    UInt128? Fee,
    ReadOnlyMemory<byte> Memo,
    ulong CreatedAtTimeNs);
