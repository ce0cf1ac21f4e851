namespace Decent.PriceOracle;

/// <summary>What the oracle knows about an asset's price.</summary>
public enum PriceState
{
    /// <summary>There never was a good price; nothing is shown and nothing is paid.</summary>
    Bootstrap,

    /// <summary>A good price, young enough.</summary>
    Fresh,

    /// <summary>The last good price is older than the limit and nothing usable has come since.</summary>
    Stale,

    /// <summary>There are data, but they disagree or moved too far to be believed yet.</summary>
    Held,

    /// <summary>
    /// A breaker tripped, the price is far too old, or an operator stopped it. Shown price is unknown.
    /// </summary>
    Halted,

    /// <summary>A price that two people set by hand is in force.</summary>
    Override,
}
