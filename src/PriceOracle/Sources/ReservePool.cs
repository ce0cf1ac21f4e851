using System.Globalization;
using System.Numerics;
using Decent.Ledger;
using Decent.PriceOracle.Aggregation;

namespace Decent.PriceOracle.Sources;

/// <summary>One constant-product pool as a venue reports it; slots are in the venue's order.</summary>
/// <param name="Ledger0">Ledger id in slot 0.</param>
/// <param name="Reserve0">Units in slot 0, uncollected fees included.</param>
/// <param name="Ledger1">Ledger id in slot 1.</param>
/// <param name="Reserve1">Units in slot 1, uncollected fees included.</param>
/// <param name="Reported">Floats the venue reports beside the reserves; only ever compared.</param>
/// <param name="IsRemoved">True when the venue took the pool out.</param>
internal sealed record ReservePool(
    string Ledger0, BigInteger Reserve0, string Ledger1, BigInteger Reserve1, ReportedPrice Reported,
    bool IsRemoved = false)
{
    /// <summary>True when the pool trades this pair, in either order.</summary>
    public bool Trades(string left, string right) =>
        (Ledger0 == left && Ledger1 == right) || (Ledger0 == right && Ledger1 == left);

    /// <summary>Finds the pool of a pair among all pools of a venue and judges it.</summary>
    public static PoolVerdict Judge(IEnumerable<ReservePool> pools, Asset baseAsset, Asset quoteAsset)
    {
        var baseLedger = baseAsset.LedgerCanister!.ToText();
        var quoteLedger = quoteAsset.LedgerCanister!.ToText();
        var all = pools.Where(p => p.Trades(baseLedger, quoteLedger)).ToList();
        var active = all.Where(p => !p.IsRemoved).ToList();
        return (all.Count, active.Count) switch
        {
            (0, _) => PoolVerdict.Refuse(ReasonCodes.NotFound, $"No pool of {baseAsset.Code} and {quoteAsset.Code}."),
            (_, 0) => PoolVerdict.Refuse(ReasonCodes.Removed, "The venue took the pool out."),
            (_, > 1) => PoolVerdict.Refuse(ReasonCodes.Ambiguous, $"{active.Count} active pools answer for one pair."),
            _ => active[0].Judge(baseLedger, baseAsset.Scale, quoteAsset.Scale),
        };
    }

    /// <summary>Judges the numbers of this pool.</summary>
    /// <param name="baseLedger">Ledger id of the base token.</param>
    /// <param name="baseDecimals">Its decimals, from its ledger.</param>
    /// <param name="quoteDecimals">The quote token's decimals, from its ledger.</param>
    public PoolVerdict Judge(string baseLedger, int baseDecimals, int quoteDecimals)
    {
        var inOrder = Ledger0 == baseLedger;
        var (baseUnits, quoteUnits) = inOrder ? (Reserve0, Reserve1) : (Reserve1, Reserve0);
        if (!Reported.IsFinite)
        {
            return PoolVerdict.Refuse(ReasonCodes.NonFinite, "The reported price is not a finite number.");
        }

        if (baseUnits.Sign < 0 || quoteUnits.Sign < 0 || Reported.IsNegative)
        {
            return PoolVerdict.Refuse(ReasonCodes.NonPositive, "A reserve or price is negative.");
        }

        if (baseUnits.IsZero || quoteUnits.IsZero)
        {
            return PoolVerdict.Refuse(ReasonCodes.ZeroLiquidity, "A side of the pool is empty.");
        }

        if (baseUnits.GetBitLength() > 128 || quoteUnits.GetBitLength() > 128)
        {
            return PoolVerdict.Refuse(ReasonCodes.Range, "A reserve is larger than any token's supply.");
        }

        var price = PoolMath.FromReserves(baseUnits, baseDecimals, quoteUnits, quoteDecimals);
        var decimals0 = inOrder ? baseDecimals : quoteDecimals;
        var decimals1 = inOrder ? quoteDecimals : baseDecimals;
        if (price.IsZero || price.GetBitLength() > 160)
        {
            return PoolVerdict.Refuse(ReasonCodes.Range, "The ratio of the reserves cannot be a price.");
        }

        if (!Reported.AgreesWith(Reserve0, decimals0, Reserve1, decimals1))
        {
            return PoolVerdict.Refuse(ReasonCodes.Inconsistent, "The reported price is not the ratio of the reserves.");
        }

        // The price is the ratio of the two sides, so both are worth the same: twice the quote side is exact.
        var quoteE18 = PoolMath.WholeE18(quoteUnits, quoteDecimals);
        return new PoolVerdict
        {
            Code = ReasonCodes.Ok,
            Detail = inOrder ? "" : "The base token sits in slot 1.",
            PriceE18 = price,
            TvlQuoteE18 = quoteE18 * 2,
            DepthQuoteE18 = PoolMath.DepthE18(PoolMath.WholeE18(baseUnits, baseDecimals), quoteE18, price),
            BaseReserveUnits = baseUnits,
            QuoteReserveUnits = quoteUnits,
        };
    }
}

/// <summary>Floats that a venue reports; they are compared with the reserves and are never the price.</summary>
/// <param name="Values">The floats, each the price of one slot in the other or its reciprocal.</param>
/// <param name="RawRatioAllowed">True when the venue may report the ratio of units instead of whole tokens.</param>
internal sealed record ReportedPrice(IReadOnlyList<double> Values, bool RawRatioAllowed)
{
    private const int ToleranceBps = 50;

    /// <summary>A venue that reports no float.</summary>
    public static ReportedPrice Nothing { get; } = new([], false);

    /// <summary>True when every float is finite.</summary>
    public bool IsFinite => Values.All(double.IsFinite);

    /// <summary>True when a float is below zero.</summary>
    public bool IsNegative => Values.Any(v => v < 0);

    /// <summary>True when every float that was given is the pool's ratio within 50 basis points.</summary>
    public bool AgreesWith(BigInteger reserve0, int decimals0, BigInteger reserve1, int decimals1)
    {
        if (Values.Count == 0 || (RawRatioAllowed && Values.All(v => v == 0)))
        {
            return true;
        }

        List<BigInteger> expected = [PoolMath.FromReserves(reserve0, decimals0, reserve1, decimals1)];
        if (RawRatioAllowed)
        {
            expected.Add(PoolMath.FromReserves(reserve1, decimals1, reserve0, decimals0));
            expected.Add(PoolMath.FromReserves(reserve0, 0, reserve1, 0));
            expected.Add(PoolMath.FromReserves(reserve1, 0, reserve0, 0));
        }

        return Values.All(v => ExactE18(v) is { } value && expected.Exists(e => IsNear(value, e)));
    }

    /// <summary>
    /// The shortest decimal text that reads back as the float, as an integer × 10^18, half up; null when it is
    /// absurdly large.
    /// </summary>
    internal static BigInteger? ExactE18(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var (mantissa, exponent) = text.IndexOf('E', StringComparison.Ordinal) is var e and >= 0
            ? (text[..e], int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
            : (text, 0);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            exponent -= mantissa.Length - point - 1;
            mantissa = mantissa.Remove(point, 1);
        }

        exponent += 18;
        var digits = BigInteger.Parse(mantissa, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return exponent switch
        {
            > 60 => null,
            >= 0 => digits * BigInteger.Pow(10, exponent),
            < -60 => BigInteger.Zero,
            _ => E18.DivideHalfUp(digits, BigInteger.Pow(10, -exponent)),
        };
    }

    private static bool IsNear(BigInteger left, BigInteger right) =>
        left.IsZero || right.IsZero ? left == right : E18.SpreadBps(left, right) <= ToleranceBps;
}
