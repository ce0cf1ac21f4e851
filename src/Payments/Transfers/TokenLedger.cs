using Decent.Canister.Client;
using Decent.Ledger;

namespace Decent.Payments.Transfers;

/// <summary>A token with what is needed to pay and to watch it.</summary>
/// <param name="Asset">The token.</param>
/// <param name="FeeUnits">The ledger's fee per transfer as configured, smallest unit.</param>
/// <param name="Client">Speaks to its ledger canister.</param>
/// <param name="Wallet">Our own account on it.</param>
public sealed record TokenLedger(Asset Asset, Int128 FeeUnits, ILedgerClient Client, IcrcAccount Wallet);

/// <summary>The tokens of this installation.</summary>
public interface ITokenLedgers
{
    /// <summary>All tokens, ordered by code.</summary>
    IReadOnlyList<TokenLedger> All { get; }

    /// <summary>The token with this code, or null.</summary>
    TokenLedger? Find(string? assetCode);
}

/// <inheritdoc cref="ITokenLedgers" />
internal sealed class TokenLedgers(IEnumerable<TokenLedger> ledgers) : ITokenLedgers
{
    public IReadOnlyList<TokenLedger> All { get; } =
        [.. ledgers.OrderBy(static l => l.Asset.Code, StringComparer.Ordinal)];

    public TokenLedger? Find(string? assetCode) =>
        All.FirstOrDefault(l => string.Equals(l.Asset.Code, assetCode, StringComparison.Ordinal));
}
