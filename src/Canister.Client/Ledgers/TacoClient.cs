using System.Numerics;
using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>A constant-product pool of the TACO exchange.</summary>
/// <param name="Token0">Text of the ledger id of token 0.</param>
/// <param name="Token1">Text of the ledger id of token 1.</param>
/// <param name="Reserve0">Smallest units of token 0.</param>
/// <param name="Reserve1">Smallest units of token 1.</param>
/// <param name="Price0">The venue's rounded display price of token 0; for comparison only.</param>
/// <param name="Price1">The venue's rounded display price of token 1; for comparison only.</param>
/// <param name="TotalLiquidity">Liquidity shares.</param>
public sealed record TacoPool(
    string Token0,
    string Token1,
    BigInteger Reserve0,
    BigInteger Reserve1,
    double Price0,
    double Price1,
    BigInteger TotalLiquidity);

/// <summary>The TACO exchange.</summary>
/// <param name="agent">Asks the canister.</param>
/// <param name="canister">The exchange.</param>
public sealed class TacoClient(IAgent agent, Principal canister)
{
    private readonly TacoExchange.TacoExchangeCanister exchange = new(agent, canister);

    /// <summary>All pools with their reserves.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="CanisterCallException">The canister refused or could not be asked.</exception>
    public async Task<IReadOnlyList<TacoPool>> GetAllAmmPoolsAsync(CancellationToken cancellationToken) =>
        [.. (await exchange.GetAllAMMPoolsAsync(cancellationToken)).Select(static p => new TacoPool(
            p.Token0, p.Token1, p.Reserve0, p.Reserve1, p.Price0, p.Price1, p.TotalLiquidity))];
}
