using Decent.Canister.Client;

namespace Decent.Payments.Transfers;

/// <summary>What follows from a ledger's profile for whoever pays through it.</summary>
internal static class LedgerRules
{
    /// <summary>
    /// Whether an identical transfer is certainly refused for as long as one may be sent. A memory that an upgrade of
    /// the canister wipes is none.
    /// </summary>
    public static bool RemembersReliably(this LedgerProfile profile) =>
        profile.Deduplication is DeduplicationRule.ArgumentsAsGiven or DeduplicationRule.ResolvedOperation;

    /// <summary>
    /// The fee to write into the argument for life. Left out where the fee of the day then applies and a raised fee
    /// cannot hide a duplicate; written out where the fee is part of the transaction's id.
    /// </summary>
    public static UInt128? ExplicitFee(this LedgerProfile profile, UInt128 ledgerFee) =>
        profile.Fee == FeeRule.ExplicitZeroBurn ? ledgerFee : null;

    /// <summary>Most units one transfer may move; above it some ledgers clamp silently.</summary>
    public static Int128 MaxUnits(this LedgerProfile profile) =>
        profile.Blocks == BlockApi.Icrc3 ? Int128.MaxValue / 2 : ulong.MaxValue;
}
