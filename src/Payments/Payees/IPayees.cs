using Decent.Payments.Commands;

namespace Decent.Payments.Payees;

/// <summary>Where providers want to be paid: one account per provider and asset.</summary>
public interface IPayees
{
    /// <summary>Sets the payout account.</summary>
    /// <param name="context">Who asks.</param>
    /// <param name="providerId">The provider.</param>
    /// <param name="asset">Code of a token.</param>
    /// <param name="account">ICRC-1 account text.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="RefusedException"><c>provider_invalid</c>, <c>asset_unknown</c>, <c>account_invalid</c> (not an
    /// account, wrong checksum), <c>account_forbidden</c> (anonymous, minting, management, the ledger, our own),
    /// <c>ledger_unavailable</c>.</exception>
    Task<CommandResult<PayoutAccountView>> SetAccountAsync(
        CommandContext context, string providerId, string asset, string account, CancellationToken cancellationToken);

    /// <summary>The account now, or null.</summary>
    Task<PayoutAccountView?> GetAsync(string providerId, string asset, CancellationToken cancellationToken);

    /// <summary>All accounts of a provider, or of all providers when null; ordered by provider and asset.</summary>
    Task<IReadOnlyList<PayoutAccountView>> ListAsync(string? providerId, CancellationToken cancellationToken);
}

/// <summary>A provider's payout account for an asset.</summary>
/// <param name="ProviderId">The provider.</param>
/// <param name="Asset">Code of the token.</param>
/// <param name="Account">ICRC-1 account text in its canonical form.</param>
/// <param name="Version">1 for the first account, counted up by each change.</param>
/// <param name="SetBy">Who set it.</param>
/// <param name="SetAt">Business time of the last change.</param>
public sealed record PayoutAccountView(
    string ProviderId, string Asset, string Account, int Version, string SetBy, DateTimeOffset SetAt);
