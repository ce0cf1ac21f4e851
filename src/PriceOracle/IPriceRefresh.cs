namespace Decent.PriceOracle;

/// <summary>Asks every source once and decides one round per token.</summary>
public interface IPriceRefresh
{
    /// <summary>Samples all sources at the same time, each failing alone, and records one round per token.</summary>
    /// <param name="cancellationToken">Stops the round; nothing is recorded for tokens not yet decided.</param>
    Task RefreshAsync(CancellationToken cancellationToken);
}
