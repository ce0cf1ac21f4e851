using Decent.Ledger;

namespace Decent.PriceOracle.Sources;

/// <summary>Why a token is shut.</summary>
/// <param name="Code">Reason code.</param>
/// <param name="Detail">What the ledger says and what configuration says.</param>
internal sealed record TokenFault(string Code, string Detail);

/// <summary>Whether ledgers say of their tokens what configuration says.</summary>
internal interface ITokenFacts
{
    /// <summary>
    /// Asks the ledgers that were not asked for a while; what goes wrong becomes a fault of that token.
    /// </summary>
    Task EnsureAsync(CancellationToken cancellationToken);

    /// <summary>Why a token is shut; null when its ledger confirmed it.</summary>
    TokenFault? FaultOf(Asset asset);
}
