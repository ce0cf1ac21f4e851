using Decent.Api.Composition;
using Decent.Payments.Commands;
using Decent.Payments.Treasury;

namespace Decent.Api.Endpoints;

/// <summary>The platform's own accounts on chain.</summary>
internal static class TreasuryEndpoints
{
    public static void MapTreasury(this IEndpointRouteBuilder api)
    {
        api.MapGet("/treasury", OverviewAsync).WithName("GetTreasury").RequireAuthorization(Scopes.BooksRead);
        api.MapGet("/treasury/deposits", DepositsAsync).WithName("ListDeposits").RequireAuthorization(Scopes.BooksRead);
        api.MapPost("/treasury/deposits/{asset}/{block}/accept", AcceptAsync).WithName("AcceptDeposit").RequireAuthorization(Scopes.TreasuryWrite);
    }

    /// <summary>Balances on chain against the books, per token.</summary>
    private static async Task<TreasuryOverview> OverviewAsync(ITreasury treasury, CancellationToken cancellationToken) =>
        await treasury.OverviewAsync(cancellationToken);

    /// <summary>Deposits seen on chain, newest first.</summary>
    private static async Task<Page<DepositView>> DepositsAsync(
        ITreasury treasury, string? state, CancellationToken cancellationToken) =>
        new(await treasury.DepositsAsync(QueryEnum.Read<DepositState>(state, "state"), cancellationToken), null);

    /// <summary>Takes an unrecognised deposit as capital of the platform.</summary>
    private static async Task<DepositView> AcceptAsync(
        string asset, ulong block, ReasonBody body, HttpContext context, ITreasury treasury, CancellationToken cancellationToken) =>
        RequestBodies.Answer(
            context,
            await treasury.AcceptDepositAsync(RequestBodies.Command(context), asset, block, body.Reason, cancellationToken));
}
