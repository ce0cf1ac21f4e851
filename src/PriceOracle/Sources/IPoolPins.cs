namespace Decent.PriceOracle.Sources;

/// <summary>A pool that a source found once and keeps.</summary>
/// <param name="PoolId">Text of the pool's canister id.</param>
/// <param name="Ledger0">Ledger id of token 0.</param>
/// <param name="Ledger1">Ledger id of token 1.</param>
/// <param name="Fee">Fee tier, millionths.</param>
/// <param name="CheckedAt">When the registry last gave the same answer.</param>
internal sealed record PoolPin(string PoolId, string Ledger0, string Ledger1, int Fee, DateTimeOffset CheckedAt);

/// <summary>Keeps pins across restarts. A pin is never replaced by a program.</summary>
internal interface IPoolPins
{
    /// <summary>The pin of a source, or null.</summary>
    Task<PoolPin?> FindAsync(string sourceId, CancellationToken cancellationToken);

    /// <summary>Keeps a pin unless there is one; answers the one that is kept.</summary>
    Task<PoolPin> PinAsync(string sourceId, PoolPin pin, CancellationToken cancellationToken);

    /// <summary>Notes that the registry gave the same answer again.</summary>
    Task ConfirmAsync(string sourceId, DateTimeOffset at, CancellationToken cancellationToken);
}
