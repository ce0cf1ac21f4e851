using Decent.Api.Composition;
using Decent.Ledger;
using Decent.Ledger.Books;
using Decent.Payments.Commands;
using Decent.Payments.Payees;

namespace Decent.Api.Endpoints;

/// <summary>Where a provider wants to be paid.</summary>
/// <param name="Asset">Code of a token.</param>
/// <param name="Account">ICRC-1 account text.</param>
public sealed record PayoutAccountBody(string Asset, string Account);

/// <summary>What a provider has earned and not yet been paid, in one asset.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="Payable">Earned and not yet paid.</param>
/// <param name="Held">The part of it reserved for payouts on their way.</param>
/// <param name="Receivable">Owed by the provider to the platform.</param>
public sealed record ProviderBalance(string Asset, AmountView Payable, AmountView Held, AmountView Receivable);

/// <summary>A provider's balances.</summary>
/// <param name="ProviderId">The provider.</param>
/// <param name="Balances">One line per asset.</param>
/// <param name="Accounts">Payout accounts.</param>
public sealed record ProviderDetail(
    string ProviderId, IReadOnlyList<ProviderBalance> Balances, IReadOnlyList<PayoutAccountView> Accounts);

/// <summary>Providers: payout accounts and balances.</summary>
internal static class ProviderEndpoints
{
    public static void MapProviders(this IEndpointRouteBuilder api)
    {
        api.MapPut("/providers/{id}/payout-account", SetAccountAsync).WithName("SetPayoutAccount").RequireAuthorization(Scopes.PayeesWrite);
        api.MapGet("/providers/{id}/balance", BalanceAsync).WithName("GetProviderBalance").RequireAuthorization(Scopes.PayoutsRead);
    }

    /// <summary>Sets the account a provider is paid to in a token.</summary>
    private static async Task<PayoutAccountView> SetAccountAsync(
        string id, PayoutAccountBody body, HttpContext context, IPayees payees, CancellationToken cancellationToken) =>
        RequestBodies.Answer(
            context,
            await payees.SetAccountAsync(RequestBodies.Natural(context), id, body.Asset, body.Account, cancellationToken));

    /// <summary>A provider's balances by asset.</summary>
    private static async Task<ProviderDetail> BalanceAsync(
        string id, IBooksReader books, IPayees payees, AssetRegistry assets, CancellationToken cancellationToken)
    {
        var lines = new List<ProviderBalance>();
        if (ChartOfAccounts.RuleFor(ChartOfAccounts.PayableTo(id)) is null)
        {
            throw new RefusedException("provider_invalid", "This is not a provider id.", RefusalKind.Invalid);
        }

        foreach (var asset in assets.All.Where(a => a.Kind == AssetKind.Fiat))
        {
            var payable = await books.BalanceAsync(ChartOfAccounts.PayableTo(id), asset, cancellationToken);
            var receivable = await books.BalanceAsync(ChartOfAccounts.ReceivableFrom(id), asset, cancellationToken);
            lines.Add(new ProviderBalance(
                asset.Code, AmountView.Of(payable.Balance), AmountView.Of(payable.Held), AmountView.Of(receivable.Balance)));
        }

        return new ProviderDetail(id, lines, await payees.ListAsync(id, cancellationToken));
    }
}
