using Decent.Canister.Client;

namespace Decent.Replica.Ledgers;

/// <summary>What distinguishes one token ledger of the replica from another.</summary>
/// <param name="Profile">Its rules.</param>
/// <param name="Name">Name of the token.</param>
/// <param name="Symbol">Ticker symbol.</param>
/// <param name="Decimals">Digits after the point.</param>
/// <param name="Fee">Transfer fee, smallest units.</param>
/// <param name="MintingAccount">Transfers from it mint, transfers to it burn.</param>
/// <param name="FeeCollector">Who receives fees; null burns them.</param>
/// <param name="MaxAmount">Largest amount the ledger can represent.</param>
/// <param name="ArchiveAfter">
/// Blocks older than the newest this many are served by the archive canister; null keeps all on the ledger.
/// </param>
internal sealed record LedgerSettings(
    LedgerProfile Profile,
    string Name,
    string Symbol,
    byte Decimals,
    UInt128 Fee,
    LedgerAccount MintingAccount,
    LedgerAccount? FeeCollector,
    UInt128 MaxAmount,
    int? ArchiveAfter = null)
{
    public ulong WindowNs => Nanoseconds(Profile.Window);

    public ulong DriftAheadNs => Nanoseconds(Profile.DriftAhead);

    public ulong DriftBehindNs => Nanoseconds(Profile.DriftBehind);

    private static ulong Nanoseconds(TimeSpan span) => (ulong)span.Ticks * 100;
}
