using System.Numerics;

namespace Decent.PriceOracle.Sources.KongSwap;

/// <summary>One pool as KongSwap described it; money in the pool is the balance plus uncollected fees.</summary>
/// <param name="Address0">Ledger id in slot 0.</param>
/// <param name="Balance0">Units in slot 0.</param>
/// <param name="LpFee0">Uncollected fees in slot 0, units.</param>
/// <param name="Address1">Ledger id in slot 1.</param>
/// <param name="Balance1">Units in slot 1.</param>
/// <param name="LpFee1">Uncollected fees in slot 1, units.</param>
/// <param name="Price">Whole tokens of slot 1 per whole token of slot 0, rounded by the venue.</param>
/// <param name="IsRemoved">True when the pool was taken out; lists by pair include such pools.</param>
internal sealed record KongPool(
    string Address0,
    BigInteger Balance0,
    BigInteger LpFee0,
    string Address1,
    BigInteger Balance1,
    BigInteger LpFee1,
    double Price,
    bool IsRemoved)
{
    /// <summary>The pool in the form all reserve pools share.</summary>
    public ReservePool ToReservePool() => new(
        Address0, Balance0 + LpFee0, Address1, Balance1 + LpFee1, new ReportedPrice([Price], RawRatioAllowed: false),
        IsRemoved);
}
