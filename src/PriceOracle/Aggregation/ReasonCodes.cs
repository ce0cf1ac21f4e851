namespace Decent.PriceOracle.Aggregation;

/// <summary>
/// Why an observation or a candidate has no vote (<c>E_</c>), what it is (<c>I_</c>), what qualifies it (<c>W_</c>).
/// </summary>
public static class ReasonCodes
{
    /// <summary>Nothing is wrong.</summary>
    public const string Ok = "OK";

    /// <summary>The call was rejected or the canister could not be reached.</summary>
    public const string Call = "E_CALL";

    /// <summary>No answer within the source's own limit.</summary>
    public const string Timeout = "E_TIMEOUT";

    /// <summary>The answer does not have the expected shape.</summary>
    public const string Decode = "E_DECODE";

    /// <summary>The canister answered with its error variant.</summary>
    public const string ErrVariant = "E_ERR_VARIANT";

    /// <summary>There is no such pool.</summary>
    public const string NotFound = "E_NOT_FOUND";

    /// <summary>Two active pools answer for one pair, or two candidates carry one name.</summary>
    public const string Ambiguous = "E_AMBIGUOUS";

    /// <summary>The pinned pool was taken out of the venue's registry.</summary>
    public const string Removed = "E_REMOVED";

    /// <summary>The pool says that it is not available.</summary>
    public const string Unavailable = "E_UNAVAILABLE";

    /// <summary>The venue has closed.</summary>
    public const string Sunset = "E_SUNSET";

    /// <summary>The source is switched off.</summary>
    public const string Disabled = "E_DISABLED";

    /// <summary>The pool's ledgers are not the pinned ones.</summary>
    public const string Pair = "E_PAIR";

    /// <summary>The ledger's decimals are not the configured ones.</summary>
    public const string Decimals = "E_DECIMALS";

    /// <summary>The ledger's symbol is not the configured one.</summary>
    public const string Symbol = "E_SYMBOL";

    /// <summary>The ledger's transfer fee is not the configured one.</summary>
    public const string Fee = "E_FEE";

    /// <summary>A reported float is not a finite number.</summary>
    public const string NonFinite = "E_NONFINITE";

    /// <summary>A price or amount is zero or negative.</summary>
    public const string NonPositive = "E_NONPOSITIVE";

    /// <summary>A number is outside what can be true; it is refused, never clamped.</summary>
    public const string Range = "E_RANGE";

    /// <summary>The pool has no liquidity; whatever price it shows is what somebody typed.</summary>
    public const string ZeroLiquidity = "E_ZERO_LIQ";

    /// <summary>Too little money stands behind the price.</summary>
    public const string LowTvl = "E_LOW_TVL";

    /// <summary>Numbers of one answer contradict each other.</summary>
    public const string Inconsistent = "E_INCONSISTENT";

    /// <summary>The observation is too old.</summary>
    public const string Stale = "E_STALE";

    /// <summary>The observation claims to come from the future.</summary>
    public const string Future = "E_FUTURE";

    /// <summary>The sampling window has too many holes.</summary>
    public const string Coverage = "E_COVERAGE";

    /// <summary>The last sample is far from the window's median.</summary>
    public const string Moving = "E_MOVING";

    /// <summary>A stable leg is off its peg.</summary>
    public const string Peg = "E_PEG";

    /// <summary>The candidate is far from the others.</summary>
    public const string Outlier = "E_OUTLIER";

    /// <summary>Too little traded lately.</summary>
    public const string LowVolume = "E_LOW_VOLUME";

    /// <summary>Another route of the same venue has the venue's vote.</summary>
    public const string Secondary = "I_SECONDARY";

    /// <summary>The answer carried no certificate.</summary>
    public const string Uncertified = "W_UNCERTIFIED";

    /// <summary>One venue alone made the value.</summary>
    public const string SingleVenue = "W_SINGLE_VENUE";

    /// <summary>Two venues disagree and the much deeper one was followed.</summary>
    public const string Dominant = "W_DOMINANT";

    /// <summary>The price moved far and was confirmed by several rounds.</summary>
    public const string Reanchored = "W_REANCHORED";

    /// <summary>The stable leg's value is declared by the operator, not measured.</summary>
    public const string PegUnknown = "W_PEG_UNKNOWN";

    /// <summary>The price was set by hand.</summary>
    public const string Manual = "W_MANUAL";

    /// <summary>
    /// True for faults of the way to the source: older samples may stand in until they are too old. Everything else
    /// says something about the pool itself and counts at once.
    /// </summary>
    public static bool IsTransient(string code) => code is Call or Timeout or Decode;

    /// <summary>True for faults that shut an asset until somebody looks: the state becomes held.</summary>
    internal static bool ShutsAsset(string code) => code is Peg or Decimals or Symbol or Fee;
}
